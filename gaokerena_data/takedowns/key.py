"""The key of a workspace's fingerprints: without it nobody can try whether they are of a text.

A fingerprint is a pseudorandom function (SipHash-2-4) of hashes that anybody can compute. So the
file of takedowns may lie under version control; the key may not.
"""

import hashlib
import secrets

import numpy as np

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.text.word_arrays import Hashes
from gaokerena_data.workspace import Workspace, atomic_file

KEY_BYTES = 16
_START = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
_EIGHT_BYTES = np.uint64(8 << 56)  # the length, in the last block


def read_key(workspace: Workspace) -> bytes | None:
    """The workspace's key; None where it has none.

    Raises:
        GaokerenaError: the file is no key.
    """
    file = workspace.takedowns_key
    if not file.is_file():
        return None
    try:
        key = bytes.fromhex(file.read_text("ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise GaokerenaError(f"{file}: not a key of fingerprints; bring it back from a backup")
    return key


def fresh_key() -> bytes:
    """A new key, which `keep_key` writes when it is needed."""
    return secrets.token_bytes(KEY_BYTES)


def keep_key(workspace: Workspace, key: bytes) -> None:
    """Write the key of a workspace that has none yet."""
    if not workspace.takedowns_key.is_file():
        with atomic_file(workspace.takedowns_key) as part:
            part.write_text(key.hex() + "\n", "ascii")


def name_of(key: bytes) -> str:
    """Eight digits by which a key is told from another, and which do not give it away."""
    return hashlib.blake2b(b"gaokerena takedowns", key=key, digest_size=4).hexdigest()


def keyed(hashes: Hashes, key: bytes) -> Hashes:
    """SipHash-2-4 (Aumasson and Bernstein 2012) of each of these numbers.

    Args:
        hashes: 64-bit numbers, each a message of eight bytes.
        key: sixteen bytes.
    """
    halves = np.frombuffer(key, "<u8")
    state = [np.full(len(hashes), halves[k % 2] ^ np.uint64(_START[k])) for k in range(4)]
    for block in (hashes, _EIGHT_BYTES):
        state[3] ^= block
        _mix(state, 2)
        state[0] ^= block
    state[2] ^= np.uint64(0xFF)
    _mix(state, 4)
    found: Hashes = state[0] ^ state[1] ^ state[2] ^ state[3]
    return found


def _mix(v: list[Hashes], rounds: int) -> None:
    for _ in range(rounds):
        v[0] += v[1]
        v[2] += v[3]
        _rotate(v[1], 13)
        _rotate(v[3], 16)
        v[1] ^= v[0]
        v[3] ^= v[2]
        _rotate(v[0], 32)
        v[2] += v[1]
        v[0] += v[3]
        _rotate(v[1], 17)
        _rotate(v[3], 21)
        v[1] ^= v[2]
        v[3] ^= v[0]
        _rotate(v[2], 32)


def _rotate(values: Hashes, bits: int) -> None:
    high = values << np.uint64(bits)
    values >>= np.uint64(64 - bits)
    values |= high
