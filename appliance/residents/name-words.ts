/*
 * The words of a name, an address or a query: what is no name is left out, and each is written one way.
 */

/** Lower case, ASCII: accents are gone, every kind of apostrophe is ', all else that is no letter or digit a space. */
export const foldText = (text: string): string => (ascii.test(text) ? text.toLowerCase() : foldLetters(text))

const ascii = /^[ -_a-~]*$/

const foldLetters = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[’‘ʼʻ`´′]/g, "'")

const wordsIn = (folded: string): string[] => folded.match(/[a-z0-9]+(?:'[a-z0-9]+)*/g) ?? []

/** What stands before or within a name and is none; also of who has died. */
const titles = new Set(
  `h hj hjh haji hajah hajjah drs dra dr drg drh dokter prof ir kh ky kyai kiai nyai ust ustad ustadz ustadzah alm almh
  almarhum almarhumah tn ny sdr sdri bpk pak bapak bu ibu bin binti bt bte`.split(/\s+/),
)

/** Degrees, which stand behind a name, with their points taken out. */
const degrees = new Set(
  `spd spdi spdsd sh shi se sei st sti skom ssos sag sip ssi skep sfarm spsi sked skm ssn stp sp spt sst sstp shut mpd mpdi mh mm
  msi mkes mag mkom mt me mp map mhum msc amd amdkeb amdkep ama apd ba bsc lc ners phd ama amapd spog keb kep strkeb strkep cn`.split(
    /\s+/,
  ),
)

/**
 * The words of a person's name, without titles, degrees and the Balinese I and Ni; of a name that is nothing else, all.
 */
export function nameWords(name: string): string[] {
  const folded = foldText(name)
  const [before = '', ...behind] = folded.split(',')
  const given = dropDegrees(before)
  const rest = behind.flatMap((part) => (isDegrees(part) ? [] : dropDegrees(part)))
  const all = [...given, ...rest]
  const kept = all.filter((word) => !isTitle(word))
  const some = kept.length > 0 ? kept : all
  const [first = ''] = some
  return some.length > 1 && (first === 'i' || first === 'ni') ? some.slice(1) : some
}

export const isTitle = (word: string): boolean => titles.has(word)

/** Abdurrahman, Abdulaziz, Abdussalam: Abdul and what follows, if that is long enough to be a name (Abdullah is one). */
export function splitAbdul(word: string): string[] {
  const [, rest = ''] = /^abd[uo](.+)$/.exec(word) ?? []
  const name = rest.replace(/^l(?!l)/, '').replace(/^(.)\1/, '$1')
  return name.length > 3 ? ['abdul', name] : [word]
}

/** S.Pd.I, S. Pd and SPd are the same degree: up to three words of a few letters, at the end. */
function dropDegrees(part: string): string[] {
  const words = wordsIn(part)
  for (;;) {
    const count = [3, 2, 1].find(
      (many) => many < words.length && degrees.has(words.slice(-many).join('')) && words.slice(-many).every(isShort),
    )
    if (count === undefined) return words
    words.splice(-count)
  }
}

const isShort = (word: string): boolean => word.length < 6

/** What stands behind a comma, whole or not yet. */
const isDegrees = (part: string): boolean => {
  const words = wordsIn(part)
  if (words.every(isTitle)) return true
  const letters = words.join('')
  return dropDegrees(`x ${part}`).length === 1 || [...degrees].some((degree) => degree.startsWith(letters))
}

/** What says what kind of place it is and not which. */
const places = new Set(
  `jl jln jalan gg gang dusun dsn ds desa kel kelurahan lingkungan lingk link kampung kp kampong blok perum perumahan no nomor rt rw
  kec kecamatan kab kabupaten`.split(/\s+/),
)
export const isPlaceKind = (word: string): boolean => places.has(word)

/** The words by which a place is told from others; house numbers are among them. */
export const placeWords = (text: string): string[] =>
  wordsIn(foldText(text)).filter((word) => !places.has(word) && word.length < 25)

/** The words of a query as they stand. */
export const splitWords = (text: string): string[] => wordsIn(foldText(text))
