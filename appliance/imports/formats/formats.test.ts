import { utils } from '@e965/xlsx'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cells, inspectHere, makeWorkbook, readHere, saidOf } from '../../../testing/import-files.ts'
import { codes, isCoded } from '../../residents/codes.ts'
import { opensidColumns } from './opensid.ts'

/* Each kind of file as offices get it, with people who do not exist. */

const budi = {
  nik: '3510240107990001',
  name: 'BUDI SANTOSO',
  sex: 1,
  birthPlace: 'BANYUWANGI',
  birthDate: '1999-07-01',
}
const siti = { nik: '3510244712010002', name: 'SITI AMINAH', sex: 2, birthPlace: 'GENTENG', birthDate: '2001-12-07' }
const joko = { nik: '3510241405500001', name: 'JOKO', sex: 1, birthPlace: 'SRONO', birthDate: '1950-05-14' }

async function readSheet(cells: Cells, merges: string[] = []) {
  const sheet = { Sheet1: cells }
  const file = makeWorkbook('biff8', sheet, (one) => {
    one['!merges'] = merges.map((area) => utils.decode_range(area))
  })
  const read = await readHere(file)
  return { ...read, said: read.rows.flatMap(saidOf) }
}

describe('OpenSID', () => {
  test('all 43 columns of the template are read, codes and labels alike', async () => {
    const columns = Object.entries(opensidColumns)
    expect(columns).toHaveLength(43)
    const values: Record<string, string | number> = {
      ...{ alamat: 'Jl. Melati 2', dusun: 'KRAJAN', rw: '002', rt: 1, nama: 'SITI', no_kk: '3510240101010001' },
      ...{
        nik: '3510244712010002',
        sex: 'P',
        tempatlahir: 'GENTENG',
        tanggallahir: 37232,
        ayah_nik: '3510240107500001',
      },
      ...{
        nama_ayah: 'SALIM',
        ibu_nik: '3510244107500001',
        nama_ibu: 'AMINAH',
        akta_lahir: '17/2001',
        dokumen_pasport: 4433,
      },
      ...{ tanggal_akhir_paspor: '31-12-2030', dokumen_kitas: 'K1', akta_perkawinan: 'N1', tanggalperkawinan: 43831 },
      ...{ akta_perceraian: 'C1', tanggalperceraian: '2.2.2022', alamat_sekarang: 'Jl. Mawar', suku: 'Osing' },
      ...{ tag_id_card: '4446891881 ', no_asuransi: '0001', lat: -8.2, lng: '114,3' },
    }
    for (const asLabel of [false, true]) {
      const row = columns.map(([name, field]) => {
        if (values[name] !== undefined || !isCoded(field)) return values[name] ?? null
        const [code, words] = Object.entries(codes[field]).at(-1) ?? []
        return asLabel ? (words?.[0] ?? null) : Number(code)
      })
      const { format, people, said } = await readSheet([columns.map(([name]) => name), row])
      expect(format).toBe('opensid')
      expect(said).toEqual([])
      expect(Object.keys(people[0] ?? {}).sort()).toEqual(columns.map(([, field]) => field).sort())
      expect(people[0]).toMatchObject({
        ...{ rt: '001', rw: '002', birthDate: '2001-12-07', marriageDate: '2020-01-01', divorceDate: '2022-02-02' },
        ...{
          passport: '4433',
          tag: '4446891881',
          latitude: -8.2,
          longitude: 114.3,
          religion: 7,
          work: 89,
          insurance: 99,
        },
      })
    }
  })

  const person = fc.record({
    nik: fc.integer({ min: 1, max: 9 }).map((serial) => `351024010799${`${serial}`.padStart(4, '0')}`),
    nama: fc.stringMatching(/^[A-Z]{3,8} [A-Z]{3,8}$/),
    tanggallahir: fc.constantFrom('01-07-1999', '1999-07-01', '1/7/1999', 36342, '02-07-1999', '-'),
    agama_id: fc.constantFrom(1, 'ISLAM', 'Budha', 'Jawa', null),
    status_dasar: fc.constantFrom(1, 'HIDUP', 'MATI', null),
    no_kk: fc.constantFrom('3510240101010001', '0', '35', null),
    rt: fc.constantFrom(4, '004', '-', null),
  })

  test('in whatever order its rows and columns stand, the same people are read and the same is said of them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(person, { minLength: 1, maxLength: 8, selector: ({ nik, nama }) => nik + nama }),
        fc.infiniteStream(fc.nat()),
        async (list, random) => {
          const shuffled = <T>(all: readonly T[]): T[] =>
            all
              .map((one) => ({ one, by: random.next().value ?? 0 }))
              .sort((a, b) => a.by - b.by)
              .map(({ one }) => one)
          const names = ['nik', 'nama', 'tanggallahir', 'agama_id', 'status_dasar', 'no_kk', 'rt'] as const
          const tableOf = (columns: readonly (typeof names)[number][], rows: typeof list) =>
            makeWorkbook('xlsx', { A: [[...columns], ...rows.map((row) => columns.map((column) => row[column]))] })
          // Each row with what was said of it, but for the numbers of rows.
          const read = async (file: Buffer) =>
            (await readHere(file)).rows
              .map((row) => JSON.stringify([Object.entries(row.person).sort(), saidOf(row).sort()]))
              .sort()
          expect(await read(tableOf(shuffled(names), shuffled(list)))).toEqual(await read(tableOf(names, list)))
        },
      ),
      { numRuns: 60 },
    )
  })
})

test('OpenDK’s 42 columns are told from OpenSID’s, and what is only its own is left out', async () => {
  const heads =
    'alamat, dusun, rw, rt, nama, nomor_kk, nomor_nik, jenis_kelamin, tempat_lahir, tanggal_lahir, agama, pendidikan_dlm_kk, pendidikan_sdg_ditempuh, pekerjaan, kawin, hubungan_keluarga, kewarganegaraan, nama_ayah, nama_ibu, gol_darah, akta_lahir, nomor_dokumen_pasport, tanggal_akhir_pasport, nomor_dokumen_kitas, nik_ayah, nik_ibu, nomor_akta_perkawinan, tanggal_perkawinan, nomor_akta_perceraian, tanggal_perceraian, cacat, cara_kb, hamil, ktp_el, status_rekam, alamat_sekarang, id, foto, status_dasar, created_at, updated_at, desa_id'.split(
      ', ',
    )
  expect(heads).toHaveLength(42)
  const row: Record<string, string | number> = {
    ...{
      nama: siti.name,
      nomor_nik: siti.nik,
      nomor_kk: '3510240101010001',
      jenis_kelamin: 2,
      tempat_lahir: 'GENTENG',
    },
    ...{
      tanggal_lahir: '2001-12-07',
      agama: 1,
      kawin: 2,
      hubungan_keluarga: 3,
      id: 17,
      foto: 'a.jpg',
      status_dasar: 1,
    },
    ...{ created_at: '2020-01-01 10:00:00', desa_id: '35.10.24.2008' },
  }
  const { format, people, said, columns } = await readSheet([heads, heads.map((name) => row[name] ?? null)])
  expect(format).toBe('opendk')
  expect(said).toEqual([])
  expect(people).toEqual([{ ...siti, kk: '3510240101010001', religion: 1, marital: 2, relation: 3, status: 1 }])
  expect(columns.filter(({ field }) => field === null).map(({ heading }) => heading)).toEqual([
    'id',
    'foto',
    'created_at',
    'updated_at',
    'desa_id',
  ])
})

describe('SIAK', () => {
  const heads =
    'Nomor KK, NIK, Nama Penduduk, Status, Tempat Lahir, Tanggal Lahir, Kelamin, NIK Ayah, Ayah, NIK Ibu, Ibu, Status Kawin, SHDK, Agama, Kecamatan, Desa/Kel, Alamat, RW, RT, Pendidikan, Pekerjaan, Deskripsi Pekerjaan, Gol. Darah, Cacat, Cetak KTP, Ganti KTP, KTP Berakhir, Nomor Paspor, Nomor Akta Lahir, Nomor Akta Kawin, Tanggal Kwn, Nomor Akta Cerai, Tgl Cerai, Petugas Registrasi, Tgl Ubah, Petugas Entri, Tgl Entri'.split(
      ', ',
    )
  const rowOf = (values: Record<string, string | number>) => heads.map((name) => values[name] ?? null)
  const common = {
    ...{ 'Nomor KK': '3510240101010001', NIK: siti.nik, 'Nama Penduduk': siti.name, 'Tempat Lahir': 'GENTENG' },
    ...{
      'Tanggal Lahir': 37232,
      Kelamin: 'Perempuan',
      'Gol. Darah': 'Tdk Th',
      'Petugas Entri': 'X',
      'Tgl Entri': 38790,
    },
  }

  test('its 37 columns are read, the hamlet out of the address', async () => {
    expect(heads).toHaveLength(37)
    const said = {
      'Status Kawin': 'Belum Kawin',
      SHDK: 'Orang Tua',
      RW: 8,
      RT: 1,
      Pendidikan: 'SLTA/Sederajat',
      Ibu: '-',
    }
    const { format, people } = await readSheet([
      heads,
      rowOf({ ...common, ...said, Status: 'Pindah Dalam Negeri', Alamat: 'Jl. Melati Dsn. KRAJAN' }),
    ])
    expect(format).toBe('siak')
    const kept = { ...siti, kk: '3510240101010001', status: 3, marital: 1, relation: 7, blood: 13, education: 5 }
    expect(people).toEqual([{ ...kept, address: 'Jl. Melati', hamlet: 'KRAJAN', rw: '008', rt: '001' }])
  })

  test.each([
    ['DSN JIWET', { hamlet: 'JIWET' }],
    ['DS. JIWET', { hamlet: 'JIWET' }],
    ['Dusun JIWET', { hamlet: 'JIWET' }],
    ['Jl. Pandanwangi 2', { address: 'Jl. Pandanwangi 2' }],
  ])('the address %s is %j', async (address, want) => {
    const { people } = await readSheet([heads, rowOf({ ...common, Alamat: address })])
    expect({ address: people[0]?.address, hamlet: people[0]?.hamlet }).toEqual({
      address: undefined,
      hamlet: undefined,
      ...want,
    })
  })

  test('who has gone and who lives under one number are told apart', async () => {
    const gone = rowOf({ ...common, Status: 'Tidak Valid', 'Nama Penduduk': 'SITI A' })
    const { rows } = await readSheet([heads, gone, rowOf({ ...common, Status: 'Hidup' })])
    expect(rows.map(saidOf)).toEqual([['refused nik-of-living'], []])
  })
})

describe('registers of families (BIP)', () => {
  test('2012: each family with its head above its members', async () => {
    const head = [
      null,
      'NO',
      'NIK',
      'NAMA',
      'JK',
      'TMPT LHR',
      'TGL LHR',
      'KTPEL',
      'AGAMA',
      'STATUS',
      'HUB. KEL',
      'PENDIDIKAN',
      'PEKERJAAN',
      'NAMA IBU',
      'NAMA AYAH',
      'NO.AKTE LAHIR',
    ]
    const family = [null, 'NO.KK', null, 'NAMA.KK', null, null, 'ALAMAT']
    const { format, people, said, counts } = await readSheet(
      [
        [null, 'BUKU INDUK KEPENDUDUKAN KABUPATEN BANYUWANGI'],
        ['PROVINSI :', null, null, null, null, null, null, null, 'JAWA TIMUR'],
        family,
        [null, '3510240101010001', null, 'BUDI SANTOSO', null, null, ' DUSUN KRAJAN, RT:001, RW:002, Kodepos:68432,-'],
        head,
        [
          null,
          1,
          budi.nik,
          budi.name,
          'L',
          budi.birthPlace,
          36342,
          'SENT_FOR_CARD_PRINTING',
          'Islam',
          'Kawin',
          'Kepala Keluarga',
          'SLTA/Sederajat',
          'Petani/Pekebun',
          'INAQ',
          'AMAQ',
        ],
        [null, 2, siti.nik, siti.name, 'P', siti.birthPlace, 37232, 'NULL', 'Islam', 'Kawin', 'Istri'],
        family,
        [null, '3510240101010002', null, 'JOKO', null, null, 'PERUM ASRI, RT:003, Kodepos:68432,-'],
        head,
        [null, 3, joko.nik, joko.name, 'L', joko.birthPlace, 18397, null, 'Islam', 'Cerai Mati', 'Kepala Keluarga'],
        [null, 'Mengetahui,', null, 'Kepala Desa'],
      ],
      ['B3:C3', 'D3:F3', 'G3:P3', 'B4:C4', 'D4:F4', 'G4:P4'],
    )
    expect(format).toBe('bip-2012')
    expect(said).toEqual([])
    const first = { kk: '3510240101010001', hamlet: 'KRAJAN', rt: '001', rw: '002', religion: 1, marital: 2 }
    expect(people).toEqual([
      { ...budi, ...first, relation: 1, education: 5, work: 9, recording: 7, motherName: 'INAQ', fatherName: 'AMAQ' },
      { ...siti, ...first, relation: 3 },
      { ...joko, kk: '3510240101010002', address: 'PERUM ASRI', rt: '003', religion: 1, marital: 4, relation: 1 },
    ])
    expect(counts).toEqual({ rows: 3, skipped: 4 })
  })

  test('2016: a heading of two merged rows, numbers of columns, and a line for each family', async () => {
    const { format, people, said } = await readSheet(
      [
        ['BUKU INDUK PENDUDUK WNI'],
        ['PROVINSI', ':', ' JAWA TIMUR', 'KABUPATEN/KOTA', ':', 'BANYUWANGI'],
        [
          'No',
          'Nama Lengkap',
          'NIK',
          'Tempat dan Tanggal Lahir',
          null,
          'JK',
          'SHDK',
          'Agama',
          'Pendidikan',
          'Pekerjaan',
          'Nama Orang Tua Kandung',
          'Nama Orang Tua Kandung',
        ],
        [null, null, null, 'Tempat Lahir', 'Tgl/Bln/Th', null, null, null, 'Terakhir', null, 'Ibu', 'Ayah'],
        [-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12],
        ['No. KK : 3510240101010001  ', null, 'Alamat : JL MELATI, Nama Dusun : -, RT/RW : 003/001'],
        [
          1,
          budi.name,
          `${budi.nik} `,
          budi.birthPlace,
          36342,
          'Lk',
          'KEPALA KELUARGA',
          'ISLAM',
          'TAMAT SD/SEDERAJAT',
          'TUKANG KAYU',
          'INAQ',
        ],
        ['No. KK : 3510240101010002  ', null, 'Alamat : MERTAK, Nama Dusun : KRAJAN, RT/RW : 005/-'],
        [
          2,
          siti.name,
          `${siti.nik} `,
          siti.birthPlace,
          '07-12-2001',
          'Pr',
          'ANAK',
          'ISLAM',
          'STRATA-II',
          'BELUM/TIDAK BEKERJA',
          null,
          'AMAQ',
        ],
      ],
      ['A3:A4', 'B3:B4', 'C3:C4', 'D3:E3', 'F3:F4', 'G3:G4', 'H3:H4', 'J3:J4', 'K3:L3', 'A6:B6', 'C6:L6'],
    )
    expect(format).toBe('bip-2016')
    expect(said).toEqual([])
    expect(people).toEqual([
      {
        ...budi,
        kk: '3510240101010001',
        address: 'JL MELATI',
        rt: '003',
        rw: '001',
        relation: 1,
        religion: 1,
        education: 3,
        work: 27,
        motherName: 'INAQ',
      },
      {
        ...siti,
        kk: '3510240101010002',
        address: 'MERTAK',
        hamlet: 'KRAJAN',
        rt: '005',
        relation: 4,
        religion: 1,
        education: 9,
        work: 1,
        fatherName: 'AMAQ',
      },
    ])
  })

  test('Luwu Timur: a page for each family, signed at its end', async () => {
    const page = (kk: string, place: string, rtRw: string, ...rows: Cells) => [
      [null, 'BUKU INDUK KEPENDUDUKAN KABUPATEN LUWU TIMUR (DAFTAR  KELUARGA)'],
      [null, null, 'PROVINSI :', 'SULAWESI SELATAN', null, null, null, null, null, null, 'NO. KK :', kk],
      [null, null, 'KECAMATAN :', 'KALAENA', null, null, null, null, null, null, 'ALAMAT :', place],
      [null, null, 'DESA :', 'KALAENA KIRI', null, null, null, null, null, null, 'NO.RT/RW :', rtRw],
      [
        null,
        'NO',
        'NIK',
        'NAMA',
        'JK',
        'TMPT LHR',
        'TGL LHR',
        'G.DRH',
        'AGAMA',
        'STATUS',
        'HUB.KEL',
        'PENDIDIKAN',
        'PEKERJAAN',
        'NAMA IBU',
        'NAMA AYAH',
        'KET',
      ],
      ...rows,
      [null, 'Mengetahui,', null, null, null, null, 'Petugas Lapangan,'],
      [null, '1. Apabila terdapat kesalahan data, harap dibetulkan.'],
    ]
    const { format, people, said } = await readSheet([
      ...page('3510240101010001', 'DSN. TAMBAK,Kodepos :92974,Telp :,-', '001/001', [
        null,
        1,
        budi.nik,
        budi.name,
        'L',
        budi.birthPlace,
        36342,
        'O',
        'Islam',
      ]),
      ...page('3510240101010002', 'JL. JATI,Kodepos :92974,Telp :0812,-', '', [
        null,
        1,
        siti.nik,
        siti.name,
        'P',
        siti.birthPlace,
        37232,
        '-',
        'Islam',
      ]),
    ])
    expect(format).toBe('bip-luwu-timur')
    expect(said).toEqual([])
    expect(people).toEqual([
      { ...budi, kk: '3510240101010001', hamlet: 'TAMBAK', rt: '001', rw: '001', blood: 4, religion: 1 },
      { ...siti, kk: '3510240101010002', address: 'JL. JATI', religion: 1 },
    ])
  })

  test('with the electronic card: 19 columns, and the number of a family alone in its row', async () => {
    const numbers = Array.from({ length: 19 }, (_, at) => -1 - at)
    const label = [
      'No. KK :',
      null,
      'Nama Kepala Keluarga :',
      null,
      null,
      null,
      'No. Blangko KK :',
      null,
      null,
      null,
      'Tgl Cetak KK :',
      'Alamat :',
    ]
    const { format, people, said } = await readSheet([
      [
        'NO',
        'Nama Lengkap',
        'NIK',
        'Tempat dan Tanggal Lahir',
        null,
        'JK',
        'Stat Kwn',
        'Gol. Drh',
        'SHDK',
        'Agama',
        'Pendidikan Terakhir',
        'No Akta Lahir',
        'Pekerjaan',
        'Nama  Ibu',
        'Nama Ayah',
        'Wjb KTP',
        'KTP-eL',
        'Status',
        'Stat Rkm',
      ],
      [null, null, null, 'Tempat Lahir', 'Tgl/Bln/Th'],
      numbers,
      label,
      ['3510240101010001', null, 'BUDI SANTOSO', ...Array(8).fill(null), 'DESA ASRI RT/RW : 002/000 DUSUN : -'],
      [
        1,
        budi.name,
        budi.nik,
        budi.birthPlace,
        36342,
        'Lk',
        'BK',
        '-',
        'KEPALA KELUARGA',
        'ISLAM',
        'TAMAT SD / SEDERAJAT',
        null,
        'PETANI / PEKEBUN',
        'ZUB',
        'HATTA',
        'WAJIB',
        'KTP-eL',
        'SDH DPT',
        'SENT FOR\nCARD PRINTING',
      ],
      ['3510240101010002', null, 'SITI', ...Array(8).fill(null), 'DESA ASRI RT/RW : 000/000 DUSUN : DUSUN IV'],
      numbers,
      label,
      [
        2,
        siti.name,
        siti.nik,
        siti.birthPlace,
        37232,
        'Pr',
        'CM',
        'AB',
        'ANAK',
        'ISLAM',
        null,
        '17/2001',
        null,
        null,
        null,
        'BELUM',
        'BELUM',
        'BELUM REKAM',
        'BELUM REKAM',
      ],
    ])
    expect(format).toBe('bip-ektp')
    expect(said).toEqual([])
    expect(people).toEqual([
      {
        ...budi,
        kk: '3510240101010001',
        address: 'DESA ASRI',
        rt: '002',
        marital: 1,
        relation: 1,
        religion: 1,
        education: 3,
        work: 9,
        motherName: 'ZUB',
        fatherName: 'HATTA',
        ktpEl: 2,
        recording: 7,
      },
      {
        ...siti,
        kk: '3510240101010002',
        address: 'DESA ASRI',
        hamlet: 'DUSUN IV',
        marital: 4,
        blood: 3,
        relation: 4,
        religion: 1,
        birthCertificate: '17/2001',
        ktpEl: 1,
        recording: 2,
      },
    ])
  })
})

describe('lists of aid', () => {
  test('OpenSID’s participants are found by their NIK and marked', async () => {
    const file = makeWorkbook('xlsx', {
      Program: [['ID Program', '7'], ['Nama Program', 'BST'], ['###']],
      Peserta: [
        ['Peserta', 'No. Peserta', 'NIK', 'Nama', 'Tempat Lahir', 'Tanggal Lahir', 'Alamat'],
        [siti.nik, '1', siti.nik, siti.name, siti.birthPlace, '2001-12-07', 'RT 004'],
        ['###'],
        ['Catatan:'],
      ],
    })
    const { format, sheet, people } = await readHere(file, { mark: 'BST 2026' })
    const { sex: _sex, ...found } = siti
    expect([format, sheet, people]).toEqual([
      'aid',
      'Peserta',
      [{ ...found, marks: [{ mark: 'BST 2026', asOf: '2026-11-01' }] }],
    ])
  })

  test('columns of programmes are marks: by their word, by yes under their heading, by a number with it', async () => {
    const { format, people } = await readHere('NIK;Nama KPM;Desil;PKH;Jenis Bantuan\n0;SITI;2;YA;Beras\n0;JOKO;;TIDAK;')
    expect(format).toBe('aid')
    const marked = (...marks: string[]) => marks.map((mark) => ({ mark, asOf: '2026-11-01' }))
    expect(people).toEqual([{ name: 'SITI', marks: marked('Desil 2', 'PKH', 'Beras') }, { name: 'JOKO' }])
  })
})

test('a list of aid with a row for each programme gives each person all of them', async () => {
  const { rows } = await readHere(`NIK;Nama;Program\n${siti.nik};SITI;PKH\n${joko.nik};JOKO;PKH\n${siti.nik};SITI;BPNT`)
  expect(rows.map((row) => [row.person.marks?.map(({ mark }) => mark), saidOf(row)])).toEqual([
    [['PKH', 'BPNT'], []],
    [['PKH'], []],
    [['BPNT'], ['refused twice-joined']],
  ])
})

test('a list of people’s own making is taken for plain, with a guess at its columns', async () => {
  const found = await inspectHere('No;Nama Warga;NIK KTP;L/P;Tgl Lahir;HP\n1;SITI;0;P;07-12-2001;0812')
  expect(found.format).toBe('plain')
  expect(found.columns.map(({ field }) => field)).toEqual([null, 'name', 'nik', 'sex', 'birthDate', null])
})
