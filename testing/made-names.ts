import type { Random } from '../appliance/cli/seeded-random.ts'

/*
 * Names as they stand on the lists of villages in the east of Java: Javanese and Osing, of Arabic origin, Madurese, Balinese,
 * and those of the young. Made up of parts, as they are in life; no list of real people was used. The same name is spelled
 * in several ways, as clerks of many years wrote it.
 */

export type Sex = 1 | 2
export type Folk = 'javanese' | 'arab' | 'madurese' | 'balinese'

const words = (text: string): readonly string[] => text.split(/\s+/).filter(Boolean)

const javaneseStems =
  words(`GI KAR MAR PAR HAR TRIS WAND YAT PRAP LIS SAN WAR DAR KAS NAR SAM TAR TIK TOM WIG WIT YIT JAR
  KIR MIS NGAD NGAT PAN PON RAS SAR SUP TUK TUM WAG WAJ DJAM KUS MUJ PAIJ PAIM PAIR RUS SEN SUTR TUG MIN JUM KEM LAM BON`)
const maleEnds = words(`ONO ANTO IYONO IMAN OTO ADI IYADI IYANTO IDI IJO ITO AJI ISNO ILAN OYO IRAN UN ARI IONO O`)
const femaleEnds = words(`INI IYEM INAH IYAH ATI IYATI ATUN INEM ILAH ISIH IASIH SIH INGSIH MI ARTI ANTI IANA EMI I`)
const javaneseMen =
  words(`SLAMET SELAMET BAMBANG JOKO DJOKO AGUS BUDI TEGUH WAHYU EKO DWI TRI CATUR HERI HARI HADI PRASETYO
  PRASETIO SETIAWAN WIBOWO NUGROHO SANTOSO RIYADI UTOMO SUBEKTI PURNOMO KUNCORO GUNAWAN WIJAYA KURNIAWAN SAPUTRA SAPUTRO
  PRATAMA TRIONO PONIRAN TUKIMIN WAGIMAN LEGIMAN PONIMAN KATIMIN SAPUAN TIMBUL SENARI BUANG MISRAN NGADIMAN HARYANTO
  WINARTO WIDODO WALUYO RAHARJO RAHARDJO SETYAWAN YULIANTO ARIFIN IRAWAN HERMAWAN INDRA EDI EDY DEDI HENDRA HENDRI
  RUDI ANDI ANDIK DIDIK TOTOK SUGENG MULYONO MULYADI BASUKI PRAYITNO PRIYANTO PRIHADI KRISNA YUDI YOGI GALIH BAGUS BAYU`)
const javaneseWomen =
  words(`SRI DWI DEWI TRI ENDANG SITI RETNO LESTARI WAHYUNI RAHAYU NINGSIH PUJI ASTUTI SULASTRI SUMARNI
  SUMIATI SUMIYATI PONIYEM TUKIYEM WAGINI MISTI MISTINAH NGATINI LASMI LASTRI WIDAYATI WINARTI HANDAYANI PURWANTI INDAH
  YULI YULIANA EKA NINIK NANIK TITIK TATIK WIWIK YAYUK LILIK ERNA ERNI ENI ANIK ANI TUTIK RINI RINA RATNA RATIH SULIS
  HARTINI KARTINI KARTIKA MARYATI MURNI MARNI SUNARTI SUPARTI WATI YATI ARTI LULUK UMI IDA IKA IIN NUR ARUM KUSUMA`)
const arabMen = words(`ABDUL_AZIZ ABDUL_ROHMAN ABDUL_RAHMAN ABDURRAHMAN ABDULLAH ABDUL_GHOFUR ABDUL_GOFUR ABDUL_HALIM
  ABDUL_KARIM ABDUL_MUIN ABDUL_WAHID ABDUL_HAMID ABDUL_KHOLIQ ABDUL_KHOLIK ABDUS_SALAM ABDUL_LATIF IMAM ALI UMAR USMAN
  UTSMAN HASAN HUSEN HUSEIN HUSAIN YUSUF IBRAHIM ISMAIL ISMA'IL ILYAS IDRIS ZAINAL ZAENAL ZAINUL_ARIFIN ZAINURI ZULKIFLI
  DZULKIFLI SAIFUL SYAIFUL SAIFUDDIN NURUDDIN NUR_HADI NURHADI SHOLEH SOLEH SALEH SHOLIHIN SOLIKIN KHOLIL KHOLIS MUKHLIS
  MUCHLIS MUSTOFA MUSTAFA MUSLIM MUSLIMIN MAHFUD MACHFUD MAHMUD MA'RUF MAKRUF MU'MIN MUKMIN NU'MAN LUKMAN LUQMAN TAUFIK TAUFIQ
  ROFIQ ROFIK RIDWAN ROHIM RAHMAT ROKHMAT KHOIRUL CHOIRUL KHAIRUL BAHRUL FATHUR_ROZI FAISAL FAHMI FAHRI FAJAR FAUZI FAUZAN
  SYAMSUL SAMSUL SYAMSUDDIN SAMSUDIN BURHANUDDIN KAMALUDDIN JAMALUDIN JALALUDDIN MISBAHUL MUNIR ANWAR AMIN AMIR ANSORI
  ASY'ARI ASYARI BASORI BASHORI GHOZALI GOZALI HAFID HAFIDZ HAMDAN HANAFI HARIS HARITS HASYIM HISYAM IKHSAN IHSAN IQBAL
  JAZULI QOMARUDDIN ROMADHON RAMADHAN RIFA'I RIFAI SUKRON SYUKRON THOHA THOHIR TOHIR UBAIDILLAH WAHYUDI WILDAN YAHYA ZAINI`)
const arabWomen =
  words(`AMINAH AISYAH KHADIJAH KHOTIJAH HOTIJAH FATIMAH FATIMATUZ_ZAHRO ROMLAH ROHMAH RAHMAWATI ROHANI MARYAM
  MASRUROH MUNAWAROH MUSTAINAH MUTMAINAH MASLIKHAH KHOIRIYAH CHOIRIYAH KHOLIFAH KHOLIDAH KHUSNUL_KHOTIMAH HUSNUL_KHOTIMAH
  NUR_HAYATI NURHAYATI NUR_AINI NURAINI NUR_HIDAYATI NUR_JANNAH NURUL NURUL_HIDAYAH NURUL_AINI LAILATUL_FITRIYAH LAILATUL
  LULUK_MAGHFIROH SHOFIYAH SOFIYAH SA'DIYAH SAKDIYAH SAIDAH SAMSIYAH SULAIKHA ZULAIKHA ZAINAB ZAENAB ZAKIYAH ZUBAIDAH
  UMI_KULSUM UMI_KALSUM UMMI_HANIK UMAMAH ULFA UMROH HALIMAH HAMIDAH HANIFAH HASANAH HIDAYAH HOLILAH ISTIQOMAH JAMILAH
  JUARIYAH JUWARIYAH KAMILAH LUTFIYAH MAIMUNAH MAISAROH MUSLIMAH MUSYAROFAH NADHIROH NAFISAH NIKMAH QOMARIYAH QURROTUL_AINI
  RIFQIYAH ROBIATUL_ADAWIYAH ROFIQOH ROHMATUL SALAMAH SALMA SOLEHA SHOLIHAH SUMAIYAH SYAMSIYAH TSAMROTUL WARDAH YULAIKAH`)
const maduraStems = words(
  `MIS SAH MAT SUR BUS HOS NAW SUN MUR BUN SAT TAY SUM MAR JUM MAH MUZ NAS RAS SUK TOL ASM ARS BAH DUL`,
)
const maduraMen = words('RAWI AHRA NAN ARI DIN AKIR ALI ENAL EDI UN AWI ONO URI AJI ASAN ADIN ITO AWAR')
const maduraWomen = words('NATI AMA IYA INA ATUN AYA UNA IANI IYANI ATI ANTI INI AYATI ENAH ISA ARIYAH ATIJA')
const baliBirth = words('WAYAN PUTU GEDE MADE KADEK NENGAH NYOMAN KOMANG KETUT')
const baliMen =
  words(`SUDARMA SUARDANA SUARTA SUDIANA MAHENDRA ARIMBAWA WIRAWAN SUPARTA SUKADANA ADNYANA BUDIARTA WINARTA
  SUASTIKA DHARMAWAN YASA PUTRA DARMA SURYAWAN ASTAWA SUTRISNA`)
const baliWomen = words(`SUARTINI SUKERTI SUARNI ASTITI LAKSMI DEWI PURNAMI ARIANI WULANDARI SUKRENI MURNIATI SASMITA
  RATNADI SUCI SUMERTI WIDIANI YANTI`)
const youngMen =
  words(`RIZKY RIZKI RISKI REZA RIFKI RAFI RAFFI RAFA AZKA ALVARO ALVIN ARYA ADITYA ADITIA BIMA BINTANG DAFFA
  DAVA DIMAS DIKA FARHAN FARREL FATHAN GALANG GILANG IRFAN IVAN KENZO KEVIN LUTFI NAUFAL RADITYA RAKA REVAN REYHAN SATRIA
  VINO YOGA ZIDAN ZAKI FIRMANSYAH MAULANA SAPUTRA PRADANA PUTRA ALFARIZI ALFIAN ARDIANSYAH FIRDAUS HAKIM PRATAMA RAMADHANI
  AL_FATIH ABIMANYU PANGESTU ANUGRAH PERMANA SYAHPUTRA`)
const youngWomen =
  words(`NABILA NAILA NAYLA KEYSHA KEISYA AULIA AMELIA ANISA ANNISA AZZAHRA ZAHRA BELLA CITRA CINTA DINDA DINA
  FEBRI FITRI FITRIA INTAN INDAH JIHAN KARINA KIRANA LAILA LARASATI MAYA MELATI MUTIARA NADIA NADYA NAJWA NOVI NOVITA NAURA
  OKTAVIA PUTRI PUTERI RAHMA RANI RISKA RIZKA SALSABILA SAFIRA SHAFIRA SALWA SEPTIANI SYIFA TASYA VINA WULAN YUNITA ZASKIA
  RAMADHANI MAHARANI PERMATASARI ANGGRAINI KHOIRUNNISA OKTAVIANI AYU LESTARI PRAMESTI SAFITRI WULANDARI`)
const muhammads =
  words(`MUHAMMAD MUHAMMAD MUHAMMAD MUHAMAD MOHAMMAD MOHAMAD MOCHAMAD MOCHAMMAD MOCHAMAD MUCHAMMAD MOH. MOH. MOH.
  MUH. MUH. MOCH. M.`)
const ahmads = words('AHMAD AHMAD AHMAD ACHMAD AKHMAD ACH. AHMAT')

/** Where a family's names come from. */
export function makeFolk(random: Random): Folk {
  const kind = random()
  if (kind < 0.38) return 'javanese'
  if (kind < 0.76) return 'arab'
  return kind < 0.95 ? 'madurese' : 'balinese'
}

/** A name for somebody who was born in the year `era`. */
export function makeName(random: Random, sex: Sex, era: number, folk: Folk): string {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? ''
  const chance = (share: number) => random() < share
  const male = sex === 1
  const composed = () =>
    (chance(0.45) ? pick(['SU', 'SU', 'SU', 'SO', 'SOE', 'WI', 'NGA', 'PRA', 'SE', 'TU']) : '') +
    pick(javaneseStems) +
    pick(male ? maleEnds : femaleEnds)
  const javanese = () => (chance(0.6) ? composed() : pick(male ? javaneseMen : javaneseWomen))
  const arab = () => pick(male ? arabMen : arabWomen)
  const madurese = () => pick(maduraStems) + pick(male ? maduraMen : maduraWomen)
  const young = () => pick(male ? youngMen : youngWomen)
  const parts = (): readonly string[] => {
    if (folk === 'balinese') {
      const first = male ? pick(['I', 'I', 'I GUSTI']) : pick(['NI', 'NI', 'NI LUH'])
      return [first, pick(baliBirth), pick(male ? baliMen : baliWomen)]
    }
    if (era > 1995 && chance(0.6)) {
      const first = chance(0.35)
        ? pick(male ? [...muhammads, ...ahmads] : ['SITI', 'SITTI', 'NUR', 'DEWI', 'PUTRI'])
        : ''
      return [first, young(), ...(chance(0.75) ? [young()] : []), ...(chance(0.25) ? [javanese()] : [])]
    }
    if (folk === 'javanese') return era < 1970 || chance(0.25) ? [javanese()] : [javanese(), javanese()]
    if (folk === 'madurese' && chance(0.7))
      return chance(0.6)
        ? [madurese()]
        : [pick(male ? [...muhammads, 'ABD.', 'ABD.'] : ['SITI', 'NUR', 'ST.']), madurese()]
    const first = male
      ? pick([...muhammads, ...ahmads, '', '', '', ''])
      : pick(['SITI', 'SITI', 'SITI', 'SITTI', 'ST.', 'NUR', 'UMI', '', '', ''])
    return [first, arab(), ...(chance(0.3) ? [chance(0.5) ? arab() : javanese()] : [])]
  }
  return [...new Set(parts().filter(Boolean))]
    .join(' ')
    .replaceAll('_', ' ')
    .replaceAll(/(.)\1\1/g, '$1$1')
}

const before = ['H.', 'H.', 'DRS.', 'KH.', 'DR.']
const after = ['S.PD', 'S.PD.I', 'S.H.', 'S.E', 'S.SOS', 'M.PD', 'A.MD.KEB', 'S.KOM']

/** The name as a list has it: now and then with a title. */
export function addTitles(random: Random, name: string, sex: Sex, era: number): string {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? ''
  if (era < 1975 && random() < 0.04) return `${sex === 1 ? pick(before) : 'HJ.'} ${name}`
  if (era > 1960 && era < 2003 && random() < 0.02) return `${name}, ${pick(after)}`
  return name
}
