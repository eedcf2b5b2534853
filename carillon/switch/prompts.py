"""Speaks the prompts of `asterisk-config/prompts.yaml` with espeak-ng, 8 kHz mono, once per text."""

from __future__ import annotations

import array
import hashlib
import shutil
import subprocess
import wave
from dataclasses import dataclass
from pathlib import Path

import yaml

from carillon.switch.folders import LANGUAGES, PROMPTS
from carillon.switch.install import CHECKOUT, InstallFailed, say

SOURCE = CHECKOUT / "asterisk-config" / "prompts.yaml"
POSITIONS = range(1, 21)
RATE = 8000  # what a telephone carries


def texts(source: Path = SOURCE) -> dict[tuple[str, str], str]:
    """(language, name) → what is said."""
    read = yaml.safe_load(source.read_text())
    said = {(language, name): str(text[language]) for name, text in read["prompts"].items() for language in LANGUAGES}
    for number in POSITIONS:
        said |= {(language, f"position-{number}"): read["position"][language].format(n=number) for language in LANGUAGES}
    return said


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks a language, and how fast."""

    voice: str
    words_per_minute: int


def ensure(folder: Path = PROMPTS) -> None:
    """Speak what is missing or has another text or voice than last time; a person's own recording (no hash beside it) stays."""
    voices = {name: Voice(**each) for name, each in yaml.safe_load(SOURCE.read_text())["voices"].items()}
    missing = [key for key, text in texts().items() if not _is_current(_file(folder, key), _hash(text, voices[key[0]]))]
    if not missing:
        return
    if not shutil.which("espeak-ng"):
        raise InstallFailed("The prompts are not spoken yet and espeak-ng is not installed; run `apt-get install espeak-ng`.")
    say(f"Speaking {len(missing)} prompts …")
    wanted = texts()
    for key in missing:
        target = _file(folder, key)
        target.parent.mkdir(parents=True, exist_ok=True)
        _speak(wanted[key], voices[key[0]], target)
        _mark(target).write_text(_hash(wanted[key], voices[key[0]]))


def _speak(text: str, voice: Voice, target: Path) -> None:
    draft = target.with_suffix(".new")
    command = ["espeak-ng", "-v", voice.voice, "-s", str(voice.words_per_minute), "-w", str(draft), "--", text]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    with wave.open(str(draft), "rb") as spoken:
        rate, samples = spoken.getframerate(), array.array("h", spoken.readframes(spoken.getnframes()))
    with wave.open(str(draft), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(trim(resample(samples, rate)).tobytes())
    draft.replace(target)


def trim(samples: array.array[int], quiet: int = 200, keep: int = RATE // 10) -> array.array[int]:
    """Without the synthesiser's silence at both ends, but for a tenth of a second."""
    loud = [index for index, each in enumerate(samples) if abs(each) > quiet]
    return samples[max(loud[0] - keep, 0) : loud[-1] + keep] if loud else samples


def resample(samples: array.array[int], rate: int) -> array.array[int]:
    """To 8 kHz: the mean of the samples that fall into each new one, which also keeps most of what would alias out."""
    width = rate / RATE
    count = int(len(samples) / width)
    out = array.array("h", bytes(2 * count))
    for index in range(count):
        part = samples[int(index * width) : max(int((index + 1) * width), int(index * width) + 1)]
        out[index] = sum(part) // len(part)
    return out


def _file(folder: Path, key: tuple[str, str]) -> Path:
    return folder / key[0] / f"{key[1]}.wav"


def _mark(file: Path) -> Path:
    return file.with_suffix(".sha256")


def _hash(text: str, voice: Voice) -> str:
    return hashlib.sha256(f"{voice.voice} {voice.words_per_minute} {text}".encode()).hexdigest()


def _is_current(file: Path, wanted: str) -> bool:
    if not file.exists():
        return False
    return not _mark(file).exists() or _mark(file).read_text() == wanted
