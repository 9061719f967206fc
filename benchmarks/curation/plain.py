"""What a plain script does: hazm, langdetect and datasketch, one article after another.

It finds no personal data, measures no quality, writes no ledger and cannot be interrupted.
Arguments: the extracted file, and where to write what is kept; beside it, for the benchmark's
judge, go the ids of what was too short or of another language.
"""

import sys
from pathlib import Path

import hazm
import langdetect
import pyarrow as pa
import pyarrow.parquet as pq
from datasketch import MinHash, MinHashLSH

MIN_WORDS = 50


def main(source: Path, output: Path) -> None:
    langdetect.DetectorFactory.seed = 0
    normalizer, tokenizer = hazm.Normalizer(), hazm.WordTokenizer()
    ids, texts, left_out = [], [], []
    table = pq.read_table(source, columns=["id", "content"])
    for record_id, text in zip(table["id"].to_pylist(), table["content"].to_pylist(), strict=True):
        clean = normalizer.normalize(text)
        if langdetect.detect(text) == "fa" and len(tokenizer.tokenize(text)) >= MIN_WORDS:
            ids.append(record_id)
            texts.append(clean)
        else:
            left_out.append(record_id)
    signatures = MinHash.bulk((shingles(text) for text in texts), num_perm=112)
    lsh = MinHashLSH(num_perm=112, params=(14, 8))
    kept = []
    for i, signature in enumerate(signatures):
        if not lsh.query(signature):
            lsh.insert(i, signature)
            kept.append(i)
    columns = {"id": [ids[i] for i in kept], "content": [texts[i] for i in kept]}
    pq.write_table(pa.table(columns), output, compression="zstd")
    output.with_suffix(".left_out").write_text("\n".join(left_out))


def shingles(text: str) -> set[bytes]:
    words = text.encode().split()
    return {b" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
