"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const rows = data.rows;
  const storageKey = `gaokerena:${data.batch}:${data.reviewer}`;
  const $ = (id) => document.getElementById(id);
  const persian = (value) => String(value).replace(/\d/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]);

  let decisions = {}; // record id -> {choice, reason, question, answer, note, decided_at}
  let history = []; // what a row's decision was before each change: undo
  let current = 0;
  let unsent = false; // changed since the decisions file was saved
  let canStore = true;

  // ---- texts: always as text, doses and Latin names isolated from the direction around them
  // A hyphen joins only Latin names (COVID-19): a range of numbers is read from right to left.
  const NUMBER = "[0-9۰-۹٠-٩](?:[0-9۰-۹٠-٩.,:/٫٬×]*[0-9۰-۹٠-٩])?[%٪]?";
  const UNIT = "(?: ?(?:mg/dL|mmHg|mcg|mg|ml|cc|IU|kg|µg|g)(?![A-Za-z]))";
  const LATIN = "[A-Za-zµ](?:[A-Za-z0-9µ+.,/'’-]*[A-Za-z0-9+])?(?: [A-Za-z](?:[A-Za-z0-9+.,/'’-]*[A-Za-z0-9+])?)*";
  const ISOLATED = new RegExp(`${NUMBER}${UNIT}?|${LATIN}`, "g");

  function isolate(parent, text) {
    let end = 0;
    for (const found of text.matchAll(ISOLATED)) {
      parent.append(text.slice(end, found.index));
      const span = document.createElement("bdi");
      if (/[0-9۰-۹٠-٩]/.test(found[0])) span.className = "dose";
      span.textContent = found[0];
      parent.append(span);
      end = found.index + found[0].length;
    }
    parent.append(text.slice(end));
  }

  function show(element, text) {
    element.replaceChildren();
    isolate(element, text);
  }

  // ---- differences: words, each with the space after it, so that no two doses run together
  function differences(before, after) {
    const one = before.match(/\S+\s*|^\s+/g) || [], two = after.match(/\S+\s*|^\s+/g) || [];
    const same = (i, j) => one[i].trim() === two[j].trim();
    let start = 0;
    while (start < one.length && start < two.length && same(start, start)) start++;
    let tail = 0;
    while (tail < one.length - start && tail < two.length - start &&
           same(one.length - 1 - tail, two.length - 1 - tail)) tail++;
    const rows = one.length - start - tail, columns = two.length - start - tail;
    const parts = two.slice(0, start).map((word) => ["same", word]);
    if (rows * columns > 4e6) {
      parts.push(["del", one.slice(start, start + rows).join("")], ["ins", two.slice(start, start + columns).join("")]);
    } else {
      const longest = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
      for (let i = rows - 1; i >= 0; i--)
        for (let j = columns - 1; j >= 0; j--)
          longest[i][j] = same(start + i, start + j) ? longest[i + 1][j + 1] + 1
            : Math.max(longest[i + 1][j], longest[i][j + 1]);
      let i = 0, j = 0;
      while (i < rows || j < columns) {
        if (i < rows && j < columns && same(start + i, start + j)) { parts.push(["same", two[start + j]]); i++; j++; }
        else if (j >= columns || (i < rows && longest[i + 1][j] >= longest[i][j + 1])) parts.push(["del", one[start + i++]]);
        else parts.push(["ins", two[start + j++]]);
      }
    }
    return [...parts, ...two.slice(two.length - tail).map((word) => ["same", word])];
  }

  function showDifferences(element, before, after) {
    element.replaceChildren();
    const waiting = { same: "", del: "", ins: "" }; // "500 ", "mg" together: isolated as one dose
    const flush = () => {
      isolate(element, waiting.same);
      for (const kind of ["del", "ins"])
        if (waiting[kind]) isolate(element.appendChild(document.createElement(kind)), waiting[kind]);
      waiting.same = waiting.del = waiting.ins = "";
    };
    for (const [kind, text] of differences(before, after)) {
      if (kind === "same" && (waiting.del || waiting.ins)) flush();
      waiting[kind] += text;
    }
    flush();
  }

  // ---- keeping: in this browser after every change, and as a file when asked
  function store() {
    try {
      localStorage.setItem(storageKey, JSON.stringify({ decisions, current }));
      $("saved").textContent = "ذخیره شد";
    } catch {
      canStore = false;
      warn("این مرورگر چیزی را نگه نمی‌دارد؛ پیش از بستن، «ذخیره پرونده تصمیم‌ها» را بزنید.");
    }
  }

  function restore() {
    try {
      const kept = JSON.parse(localStorage.getItem(storageKey) || "{}");
      decisions = readable(kept.decisions || {});
      if (Number.isInteger(kept.current) && rows[kept.current]) current = kept.current;
    } catch { decisions = {}; }
  }

  // Only rows of this batch, only texts: a file can come from anywhere.
  function readable(values) {
    const clean = {};
    for (const row of rows) {
      const value = values[row.id];
      if (!value || typeof value !== "object" || value.content !== row.content) continue;
      clean[row.id] = { content: row.content };
      for (const name of ["choice", "reason", "question", "answer", "note", "decided_at"])
        if (typeof value[name] === "string" && value[name]) clean[row.id][name] = value[name];
    }
    return clean;
  }

  function decisionsFile() {
    const decided = rows.filter((row) => decisions[row.id]?.choice);
    return {
      format: data.format, batch: data.batch, reviewer: data.reviewer, guideline: data.guideline,
      decisions: decided.map((row) => ({ record_id: row.id, ...decisions[row.id] })),
    };
  }

  function download() {
    const blob = new Blob([JSON.stringify(decisionsFile(), null, 1)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${data.batch}.${data.reviewer}.decisions.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    unsent = false;
    $("saved").textContent = "پرونده ذخیره شد";
  }

  async function open(file) {
    try {
      const value = JSON.parse(await file.text());
      if (value.format !== data.format || value.batch !== data.batch || value.reviewer !== data.reviewer)
        throw new Error("other batch");
      const byId = Object.fromEntries(value.decisions.map((one) => [one.record_id, one]));
      for (const [id, one] of Object.entries(readable(byId))) change(id, one);
      render();
    } catch { warn("این پرونده تصمیم‌های همین دسته نیست؛ چیزی تغییر نکرد."); }
  }

  function warn(text) { $("warning").textContent = text; $("warning").hidden = !text; }

  // ---- deciding
  function change(id, value) {
    history.push([id, decisions[id]]);
    if (value) decisions[id] = value; else delete decisions[id];
    unsent = true;
    store();
  }

  function decide(choice, more = {}) {
    const row = rows[current];
    const note = $("note").value.trim();
    const decided_at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    change(row.id, { content: row.content, choice, ...more, ...(note && { note }), decided_at });
    close();
    if (current < rows.length - 1) current++;
    store();
    render();
  }

  function undo() {
    const last = history.pop();
    if (!last) return;
    const [id, value] = last;
    if (value) decisions[id] = value; else delete decisions[id];
    current = rows.findIndex((row) => row.id === id);
    unsent = true;
    close();
    store();
    render();
  }

  function choose(choice) {
    close();
    if (choice === "reject") {
      $("reasons").hidden = false;
      $("reason-list").firstElementChild.focus();
    } else if (choice === "edit") {
      const row = rows[current], before = decisions[row.id] || {};
      $("new-question").value = before.question || row.question;
      $("new-answer").value = before.answer || row.answer;
      $("editor").hidden = false;
      showLive();
      $("new-answer").focus();
    } else decide(choice);
  }

  function keepEdit() {
    const row = rows[current], more = {};
    const question = $("new-question").value.trim(), answer = $("new-answer").value.trim();
    if (!question || !answer) return warn("متن خالی نمی‌شود؛ اگر پاسخ به درد نمی‌خورد، رد کنید.");
    if (question !== row.question) more.question = question;
    if (answer !== row.answer) more.answer = answer;
    if (!more.question && !more.answer) return warn("چیزی را تغییر نداده‌اید.");
    decide("edit", more);
  }

  function showLive() {
    const row = rows[current];
    showDifferences($("live"), `${row.question}\n${row.answer}`, `${$("new-question").value}\n${$("new-answer").value}`);
  }

  function close() {
    warn(canStore ? "" : $("warning").textContent);
    $("reasons").hidden = $("editor").hidden = true;
    if (document.activeElement && document.activeElement !== document.body) document.activeElement.blur();
  }

  function keepNote() {
    const row = rows[current], before = decisions[row.id];
    const note = $("note").value.trim();
    if ((before?.note || "") === note) return;
    const { note: _, ...rest } = before || { content: row.content };
    const decided_at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    change(row.id, { ...rest, ...(note && { note }), ...(rest.choice && { decided_at }) });
    render();
  }

  function go(place) {
    close();
    if (rows[place]) current = place;
    store();
    render();
  }

  function goOpen() {
    for (let step = 1; step <= rows.length; step++) {
      const place = (current + step) % rows.length;
      if (!decisions[rows[place].id]?.choice) return go(place);
    }
    warn("همه ردیف‌ها تصمیم دارند. «ذخیره پرونده تصمیم‌ها» را بزنید.");
  }

  // ---- showing
  function render() {
    const row = rows[current], decision = decisions[row.id] || {};
    show($("question"), row.question);
    show($("answer"), row.answer);
    $("number").value = current + 1;
    $("total").textContent = persian(rows.length);
    $("source").textContent = row.source;
    $("record").textContent = row.id;
    $("hint").textContent = row.hint;
    $("note").value = decision.note || "";
    const partner = rows[row.partner - 1];
    $("partner").hidden = !partner;
    $("texts").className = partner ? "pair" : "";
    if (partner) {
      $("partner-number").textContent = persian(partner.number);
      showDifferences($("partner-question"), row.question, partner.question);
      showDifferences($("partner-answer"), row.answer, partner.answer);
    }
    const edited = decision.choice === "edit";
    $("diff").hidden = !edited;
    if (edited) {
      showDifferences($("diff-question"), row.question, decision.question || row.question);
      showDifferences($("diff-answer"), row.answer, decision.answer || row.answer);
    }
    for (const button of document.querySelectorAll("[data-choice]"))
      button.setAttribute("aria-pressed", String(button.dataset.choice === decision.choice));
    for (const button of $("reason-list").children)
      button.setAttribute("aria-pressed", String(button.dataset.reason === decision.reason));
    $("state").textContent = decision.reason ? `رد: ${data.reasons[decision.reason] || ""}` : "";
    const done = rows.filter((one) => decisions[one.id]?.choice).length;
    $("count").textContent = `${persian(done)} از ${persian(rows.length)}`;
    $("bar").style.width = `${(100 * done) / rows.length}%`;
    $("progress").setAttribute("aria-valuenow", done);
    $("undo").disabled = history.length === 0;
    $("previous").disabled = current === 0;
    $("next").disabled = current === rows.length - 1;
    document.title = `${persian(done)}/${persian(rows.length)} بازبینی ${data.batch}`;
  }

  function setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    try { localStorage.setItem("gaokerena:theme", theme); } catch { canStore = false; }
  }

  // ---- keys by their place on the keyboard: a Persian layout works as a Latin one does
  const KEYS = {
    KeyA: () => choose("accept"), KeyE: () => choose("edit"), KeyR: () => choose("reject"),
    KeyF: () => choose("out_of_field"), KeyU: () => choose("unclear"), KeyZ: undo,
    ArrowLeft: () => go(current + 1), ArrowRight: () => go(current - 1), KeyN: goOpen,
    KeyM: () => $("note").focus(), KeyD: download, KeyT: () => $("theme").click(), KeyH: () => $("help").click(),
  };

  document.addEventListener("keydown", (event) => {
    const typing = ["TEXTAREA", "INPUT"].includes(event.target.tagName);
    if (event.key === "Escape") { close(); render(); return; }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && !$("editor").hidden) { event.preventDefault(); keepEdit(); return; }
    if (typing || event.altKey || event.metaKey || event.repeat && !event.code.startsWith("Arrow")) return;
    if (event.ctrlKey && event.code !== "KeyZ") return;
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
    if (digit && !$("reasons").hidden) {
      const button = $("reason-list").children[(Number(digit[1]) + 9) % 10];
      if (button) button.click();
      event.preventDefault();
      return;
    }
    const action = KEYS[event.code];
    if (action) { event.preventDefault(); action(); }
  });

  Object.entries(data.reasons).forEach(([code, label], place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.reason = code;
    const key = document.createElement("kbd");
    key.textContent = (place + 1) % 10;
    button.append(`${label} `, key);
    button.addEventListener("click", () => {
      if (code === "other" && !$("note").value.trim()) { warn("برای «علت دیگر» در یادداشت بنویسید چرا."); $("note").focus(); return; }
      decide("reject", { reason: code });
    });
    $("reason-list").append(button);
  });
  for (const button of document.querySelectorAll("[data-choice]"))
    button.addEventListener("click", () => choose(button.dataset.choice));
  $("undo").addEventListener("click", undo);
  $("previous").addEventListener("click", () => go(current - 1));
  $("next").addEventListener("click", () => go(current + 1));
  $("open").addEventListener("click", goOpen);
  $("number").addEventListener("change", () => go(Number($("number").value) - 1));
  $("keep-edit").addEventListener("click", keepEdit);
  $("drop-edit").addEventListener("click", () => { close(); render(); });
  for (const id of ["new-question", "new-answer"]) $(id).addEventListener("input", showLive);
  $("note").addEventListener("change", keepNote);
  $("download").addEventListener("click", download);
  $("restore").addEventListener("change", (event) => event.target.files[0] && open(event.target.files[0]));
  $("help").addEventListener("click", () => { $("guide").hidden = !$("guide").hidden; });
  $("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  window.addEventListener("beforeunload", (event) => { if (unsent && !canStore) event.preventDefault(); });

  let theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  try { theme = localStorage.getItem("gaokerena:theme") || theme; } catch { canStore = false; }
  document.documentElement.dataset.theme = theme;
  restore();
  render();
})();
