import type { Random } from '../appliance/cli/seeded-random.ts'

/*
 * Names as clerks type them and as others wrote them: by rules, and a list by hand. Not made from the phonetic key: the
 * rules are those of the spelling reforms, of Arabic names in Latin letters, and of fingers on a keyboard.
 */

type Rule = { name: string; kind: 'spelling' | 'slip' | 'words'; change(name: string, random: Random): string }

const swap = (name: string, from: RegExp | string, to: string): Rule => ({
  ...{ name, kind: 'spelling' as const },
  change: (text) => text.replace(from, to),
})

const somewhere = (text: string, random: Random, at: (place: number) => string): string => {
  // Not the first letter of the name, which is rarely wrong, and no space.
  const places = [...text].flatMap((letter, place) => (place > 0 && /[a-z]/.test(letter) ? [place] : []))
  const place = places[Math.floor(random() * places.length)]
  return place === undefined ? text : at(place)
}

const slip = (name: string, change: (text: string, place: number, random: Random) => string): Rule => ({
  ...{ name, kind: 'slip' as const },
  change: (text, random) => somewhere(text, random, (place) => change(text, place, random)),
})

const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']
const neighbour = (letter: string, random: Random): string => {
  const row = rows.find((one) => one.includes(letter)) ?? letter
  const at = row.indexOf(letter)
  return (random() < 0.5 ? row[at - 1] : row[at + 1]) ?? row[at - 1] ?? row[at + 1] ?? letter
}

export const rules: readonly Rule[] = [
  swap('oe as u', /oe/, 'u'),
  swap('u as oe', /(?<=[^aiueo])u(?=[^aiueo])/, 'oe'),
  swap('dj as j', /dj/, 'j'),
  swap('j as dj', /(?<!d)j/, 'dj'),
  swap('c as tj', /c(?=[aiueo])/, 'tj'),
  swap('f as p', /f/, 'p'),
  swap('v as f', /v/, 'f'),
  swap('z as j', /z(?=[aiueo])/, 'j'),
  swap('q as k', /q/, 'k'),
  swap('kh as h', /kh/, 'h'),
  swap('kh as ch', /kh/, 'ch'),
  swap('ch as h', /ch/, 'h'),
  swap('h as kh', /(?<=[aiuo])h(?=[aiuom])/, 'kh'),
  swap('sy as s', /sy/, 's'),
  swap('sh as s', /sh/, 's'),
  swap('s as sy', /^s(?=[au])/, 'sy'),
  swap('dh, th as d, t', /([dt])h/, '$1'),
  swap('one of two letters', /([a-z])\1/, '$1'),
  swap('two of one letter', /(?<=[aiueo])([mnltrs])(?=[aiueo])/, '$1$1'),
  swap('no h at the end', /h(?= |$)/, ''),
  swap('o as a', /(?<=[rshkgl])o(?=[hdmlf])/, 'a'),
  swap('a as o', /(?<=[rhkg])a(?=[hm])/, 'o'),
  swap('i as y', /i(?= |$)/, 'y'),
  swap('y as i', /(?<=[^aiueo])y(?=[aiueo]| |$)/, 'i'),
  swap('ai as ae', /ai(?=[nfr])/, 'ae'),
  swap('iya as ia', /iya/, 'ia'),
  swap('ia as iya', /(?<!^)ia/, 'iya'),
  swap('no apostrophe', /'/, ''),
  swap('e left out', /(?<=^| )([dks])e(?=[wlr][aiueo])/, '$1'),
  swap('Muhammad', /muhammad|mohammad|mochamad|muhamad|mochammad|muchammad|mohamad|moh\.|muh\.|moch\./, 'muhamad'),
  swap('Moh.', /muhammad|mohammad|mochamad|muhamad|mochammad|muchammad|mohamad/, 'moh'),
  swap('Ahmad', /ahmad|achmad|akhmad|ach\.|ahmat/, 'akhmad'),
  swap('d as t at the end', /d(?= |$)/, 't'),
  slip('a letter left out', (text, place) => text.slice(0, place) + text.slice(place + 1)),
  slip('a letter twice', (text, place) => text.slice(0, place) + text.slice(place - 1)),
  slip(
    'the key beside',
    (text, place, random) => text.slice(0, place) + neighbour(text[place] ?? '', random) + text.slice(place + 1),
  ),
  slip('two letters swapped', (text, place) =>
    /[a-z]/.test(text[place + 1] ?? '')
      ? text.slice(0, place) + text[place + 1] + text[place] + text.slice(place + 2)
      : text.slice(0, place) + text.slice(place + 1),
  ),
  { name: 'words in another order', kind: 'words', change: (text) => text.split(' ').reverse().join(' ') },
  { name: 'two words as one', kind: 'words', change: (text) => text.replace(/(\S{2,}) (\S{3,})/, '$1$2') },
]

/** A name typed wrongly by a rule that changes it, drawn among all that do. `name`: as a list has it, without title. */
export function misspell(name: string, random: Random): { typed: string; rule: string } {
  const text = name.toLowerCase()
  const possible = rules.flatMap((rule) => {
    const typed = rule.change(text, random)
    return typed === text || typed === '' ? [] : [{ typed, rule: rule.name }]
  })
  return possible[Math.floor(random() * possible.length)] ?? { typed: text, rule: 'none' }
}

/** What was typed, and who was meant. */
export const handWritten: readonly (readonly [typed: string, meant: string])[] = [
  ['muhamad soleh', 'MOH. SHOLEH'],
  ['moh sholeh', 'MUHAMMAD SOLEH'],
  ['mohamad saleh', 'MOCH. SHOLEH'],
  ['m. zainal arifin', 'MUHAMMAD ZAENAL ARIFIN'],
  ['jaenal aripin', 'ZAINAL ARIFIN'],
  ['syaiful bakri', 'SAEFUL BAHRI'],
  ['dwi sulistyowati', 'DEWI SULISTIYOWATI'],
  ['sri wahyuningsih', 'SRIWAHYUNINGSIH'],
  ['siti nur janah', 'SITI NURJANNAH'],
  ['nur jannah', 'NURJANAH'],
  ['st khotijah', 'SITI HOTIJAH'],
  ['siti kotijah', 'SITI KHOTIJAH'],
  ['siti patimah', 'SITTI FATHIMAH'],
  ['ahmad fauzi', 'ACH. FAUZI'],
  ['akhmad pauzi', 'ACHMAD FAUZI'],
  ['abdurohman', 'ABDUL ROHMAN'],
  ['abdul rachman', 'ABDURRAHMAN'],
  ['abd rochim', 'ABDUL ROHIM'],
  ['abdul gafur', 'ABD. GHOFUR'],
  ['sukarno hadi', 'SOEKARNO HADI'],
  ['djoko susilo', 'JOKO SUSILO'],
  ['cipto mangun', 'TJIPTO MANGUN'],
  ['wijaya kusuma', 'WIDJAJA KOESOEMA'],
  ['soejono', 'SUYONO'],
  ['selamet riyadi', 'SLAMET RIADI'],
  ['slamet riadi', 'SLAMET RIYADI'],
  ['prasetio budi', 'BUDI PRASETYO'],
  ['rizki aditia', 'RISKY ADITYA'],
  ['riski aditiya', 'RIZKY ADITYA'],
  ['yusup maulana', 'YUSUF MAULANA'],
  ['husen', 'HUSEIN'],
  ['usman', 'UTSMAN'],
  ['makruf', "MA'RUF"],
  ['maruf amin', "MA'RUF AMIN"],
  ['sakdiyah', "SA'DIYAH"],
  ['nukman hakim', "NU'MAN HAKIM"],
  ['qomaria', 'KOMARIYAH'],
  ['komariyah', 'QOMARIAH'],
  ['juariyah', 'JUWARIAH'],
  ['i wayan sudharma', 'I WAYAN SUDARMA'],
  ['wayan sudarma', 'I WY. SUDARMA'],
  ['gusti ngurah', 'I GST. NGURAH'],
  ['ni kt suarni', 'NI KETUT SUARNI'],
  ['gde arta', 'I GEDE ARTHA'],
  ['choirul anam', 'KHOIRUL ANAM'],
  ['hoirul anam', 'KHAIRUL ANAM'],
  ['mustafa kamal', 'MUSTOFA KAMAL'],
  ['taufik hidayat', 'TAUFIQ HIDAYAT'],
  ['topik hidayat', 'TAUFIQ HIDAYAT'],
  ['solikin', 'SHOLIKHIN'],
  ['solihin', 'SHOLIHIN'],
  ['masrurah', 'MASRUROH'],
  ['lailatul qodriyah', 'LAILATUL QADRIYAH'],
  ['umi kalsum', 'UMMI KULSUM'],
  ['ummi kulsum', 'UMI KULTSUM'],
  ['istikomah', 'ISTIQOMAH'],
  ['rofiah', 'ROFI’AH'],
  ['supriyadi', 'SUPRIADI'],
  ['sumiati', 'SUMIYATI'],
  ['sunarmi', 'SOENARMI'],
  ['suwarno', 'SUARNO'],
  ['suyati', 'SUJATI'],
  ['bambang supriyanto', 'BAMBANG SUPRIANTO'],
  ['bambang supriynato', 'BAMBANG SUPRIYANTO'],
  ['endang sulistiyani', 'ENDANG SULISTYANI'],
  ['endnag susilowati', 'ENDANG SUSILOWATI'],
  ['agsu salim', 'AGUS SALIM'],
  ['ida royani', 'IDA ROHYANI'],
  ['hendri kurniawan', 'HENDRY KURNIAWAN'],
  ['eny kusrini', 'ENI KUSRINI'],
  ['lilik nur kholifah', 'LILIK NURKHOLIFAH'],
  ['novi yanti', 'NOVIYANTI'],
  ['vita nofiana', 'FITA NOVIANA'],
  ['septian dwi', 'DWI SEPTYAN'],
  ['ramadani', 'ROMADHONI'],
  ['romadon', 'RAMADHAN'],
]
