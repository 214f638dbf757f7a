/*
 * The phonetic key of Indonesian names: what clerks of many years spelled differently has the same key. It is ours: Soundex
 * and Metaphone know English. What it makes alike, in this order:
 *
 *   the spelling before 1972   oe u · dj j · tj c · nj ny · sj sy · j y        Soekardjo, Tjipto, Njoman, Widjaja
 *   Arabic letters             kh, ch h · sy, sh, ts, sch s · dh d · dz z · th t · gh g · q k · f, v, ph p
 *   z                          before a vowel j, else s                        Zainal Jaenal, Rizky Riski
 *   apostrophes                k or nothing before a consonant, nothing before a vowel      Ma'ruf, Isma'il
 *   diphthongs                 ai, ae, ay, ei i · au o                         Zaenal, Husein, Taufik
 *   e                          gone before l, r, w and a vowel, else i         Dwi Dewi, Slamet Selamet, Sri
 *   y and w between vowels     y after a consonant and at the end i · iy i and uw u before a vowel     Juwariyah Juariah
 *   o                          two keys: as a (Rohman Rahman) and as u (Mohammad Muhammad)
 *   doubled letters            once
 *   the end                    h is mute · b, d, g are p, t, k                 Fatimah Patima, Yakub Yakup
 *
 * a, i and u stay apart (Marni is not Murni), as do m, n, ng and ny, l and r, j and y (Joko is not Yoko).
 * Abbreviations are written out (Moh., Muh. and M. are Muhammad). A key is 2 to 24 letters a-z and digits.
 */

/** Abbreviations and particles that stand for a name, and what each may be. */
const writtenOut: ReadonlyMap<string, readonly string[]> = new Map([
  ...spell(['muhammad'], 'm moh muh moch much mohd muhd mhd mochd mochm mohm muhm'),
  ...spell(['muhammad', 'made'], 'md'),
  ...spell(['ahmad'], 'ach akh ahm achm akhm'),
  ...spell(['abdul'], 'abd abdur abdus abdun abdut abduz abdusy abdush'),
  ...spell(['siti'], 'st sti stti'),
  ...spell(['gusti'], 'gst'),
  ...spell(['ketut'], 'kt ktut'),
  ...spell(['wayan'], 'wy wyn'),
  ...spell(['nyoman'], 'nym nyn'),
  ...spell(['komang'], 'kmg'),
  ...spell(['putu'], 'pt'),
  ...spell(['gede'], 'gd gde'),
])

function spell(names: readonly string[], abbreviations: string): [string, readonly string[]][] {
  return abbreviations.split(' ').map((one) => [one, names])
}

/**
 * The keys of one word of a name, as `splitWords` gives it (lower case, ASCII, with its apostrophes). Two words may be the
 * same name if they share one. `unfinished`: of a word that somebody is still typing, so the key is the beginning of
 * others; its end is left as it is.
 */
export function keysOf(word: string, end: 'whole' | 'unfinished' = 'whole'): string[] {
  const bare = word.replaceAll("'", '')
  const words = end === 'whole' ? writtenOut.get(bare) : undefined
  return [...new Set((words ?? spokenForms(word)).flatMap((form) => vowelForms(form, end)))].filter((key) => key !== '')
}

/** An apostrophe before a consonant is spoken, so it is often written k, or not at all. */
const spokenForms = (word: string): string[] => {
  const bare = word.replaceAll("'", '')
  const glottal = word.replace(/([aiueo])'(?=[bdfghjlmnprstwyz])/g, '$1k').replaceAll("'", '')
  return bare === glottal ? [bare] : [bare, glottal]
}

const vowelForms = (word: string, end: 'whole' | 'unfinished'): string[] => {
  const sounds = soundsOf(word)
  const forms = sounds.includes('o') ? [sounds.replaceAll('o', 'a'), sounds.replaceAll('o', 'u')] : [sounds]
  return forms.map((form) => endOf(once(form.replaceAll(/a[iy](?![aiu])/g, 'i')), end).slice(0, 24))
}

/** Each step looks for what the ones before have left: the order is part of the key. */
const steps: readonly (readonly [RegExp, string])[] = [
  [/(.)\1+/g, '$1'],
  [/(^|k|c)hoe(?=[ry])/g, '$1hai'],
  [/oe/g, 'u'],
  [/dj/g, 'j'],
  [/tj/g, 'c'],
  [/^nj/, 'ny'],
  [/sch|sj|sy(?=[aiueo])|sh|ts/g, 's'],
  [/sy$/, 'si'],
  [/^cha(?=n)/, 'ca'],
  [/chr/g, 'kr'],
  [/ck/g, 'k'],
  [/[kc]h/g, 'h'],
  [/dz(?=[aiueo])/g, 'z'],
  [/dz/g, 'd'],
  [/([dtgbp])h/g, '$1'],
  [/q/g, 'k'],
  [/x/g, 'ks'],
  [/[fv]/g, 'p'],
  [/c(?![aiueohy])/g, 'k'],
  [/z(?=[aiueoy])/g, 'j'],
  [/z/g, 's'],
  [/([^aiueo])e(?=[lrw][aiueoy])/g, '$1'],
  [/a[ey]|e[iy]/g, 'ai'],
  [/au/g, 'o'],
  [/e/g, 'i'],
  [/iy(?=[aiuo])/g, 'i'],
  [/uw(?=[aiuo])/g, 'u'],
  [/([^aiuo])y|y(?![aiuo])/g, '$1i'],
]

/** Where one sign of the spelling before 1972 is, a plain j was spoken y. */
const modern = (word: string): string => (/[dts]j|oe/.test(word) ? word.replaceAll(/(?<![dts])j/g, 'y') : word)

const soundsOf = (word: string): string => steps.reduce((text, [from, to]) => text.replace(from, to), modern(word))

const once = (text: string): string => text.replaceAll(/([a-z])\1+/g, '$1')

const mute: Readonly<Record<string, string>> = { b: 'p', d: 't', g: 'k' }

function endOf(sounds: string, end: 'whole' | 'unfinished'): string {
  if (end === 'unfinished' || sounds.length < 3) return sounds
  const spoken = sounds.replace(/h$/, '')
  const last = spoken.at(-1) ?? ''
  return last in mute && !spoken.endsWith('ng') ? `${spoken.slice(0, -1)}${mute[last]}` : spoken
}
