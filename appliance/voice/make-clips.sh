#!/usr/bin/env bash
# Makes the spoken clips in clips/ with Debian's espeak-ng, sox and lame, one mono MP3 for each word. They are kept in
# the repository, so that no box and no build needs these programs. Run it again after changing a word; sentence.ts
# names the clips, and clips.test.ts compares. To replace a voice, record files of the same names into the box's own
# folder instead (the settings page does it).
#
#   appliance/voice/make-clips.sh [--dry-run]
set -euo pipefail

readonly clips="${BASH_SOURCE[0]%/*}/clips"
# Words per minute and pitch: slower and lower than espeak-ng's own, for a room with an echo.
readonly speed=135 pitch=42

# Clip and what is spoken in it. Where espeak-ng reads an "e" as in "bebek", phonemes give the "e" of "kera".
spoken() {
  cat <<'WORDS'
nomor-antrean nomor antrean
silakan-ke silakan ke
silakan-lihat-layar silakan lihat layar
loket loket
meja meja
ruang ruang
nol nol
satu satu
dua dua
tiga tiga
empat [[@mp'at]]
lima lima
enam [[@n'am]]
tujuh tujuh
delapan [[d@l'apan]]
sembilan [[s@mb'ilan]]
sepuluh sepuluh
sebelas [[s@b@l'as]]
belas [[b@l'as]]
puluh puluh
seratus seratus
ratus ratus
WORDS
  local letter
  for letter in {a..z}; do
    echo "$letter $letter"
  done
}

# Cuts silence off both ends, makes all equally loud, leaves a breath, and writes the MP3 without tags.
write_clip() {
  local wave=$1 clip=$2 pause=$3
  sox "$wave" -r 22050 -c 1 -b 16 "$work/trimmed.wav" \
    silence 1 0.005 0.4% reverse silence 1 0.005 0.4% fade q 0.012 reverse fade q 0.004 norm -2 pad 0.015 "$pause"
  lame --quiet -t -m m -b 48 --resample 22.05 "$work/trimmed.wav" "$clips/$clip.mp3"
}

make_word() {
  local clip=$1 text=$2
  espeak-ng -v id -s "$speed" -p "$pitch" -w "$work/word.wav" "$text"
  write_clip "$work/word.wav" "$clip" 0.05
}

# Two notes of a soft bell, the second a third lower, each dying away.
make_chime() {
  write_note 659.26 0 "$work/high.wav"
  write_note 523.25 0.42 "$work/low.wav"
  sox -m "$work/high.wav" "$work/low.wav" "$work/chime.wav"
  write_clip "$work/chime.wav" chime 0.12
}

write_note() {
  local hertz=$1 after=$2 wave=$3 octave
  octave=$(awk -v hertz="$hertz" 'BEGIN { print hertz * 2 }')
  sox -n -r 44100 -c 1 "$work/ground.wav" synth 1.4 sine "$hertz" fade l 0.004 1.4 1.39
  sox -n -r 44100 -c 1 "$work/octave.wav" synth 1.4 sine "$octave" vol 0.25 fade l 0.004 0.8 0.79
  sox -m "$work/ground.wav" "$work/octave.wav" "$wave" pad "$after" 0
}

main() {
  local clip text
  if [ "${1:-}" = --dry-run ]; then
    spoken
    return
  fi
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$clips"
  rm -f "$clips"/*.mp3
  make_chime
  while read -r clip text; do
    make_word "$clip" "$text"
  done < <(spoken)
  du -cb "$clips"/*.mp3 | tail -n 1
}

main "$@"
