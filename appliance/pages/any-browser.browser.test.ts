import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { type DrivenBrowser, drivenBrowsers, type Tab } from '../../testing/driven-browser.ts'
import { makeJpeg } from '../../testing/make-jpeg.ts'
import { freePort } from '../../testing/servers.ts'
import { by, furnish, openTestBox, type TestBox, testPin } from '../../testing/test-box.ts'

/* One ticket through all pages, and what a browser may refuse, in Firefox, in WebKit and in the oldest Chromium. */

const pictures = join(import.meta.dirname, '..', '..', 'artifacts', 'screens')
const builtPages = join(import.meta.dirname, '..', '..', 'dist', 'pages')
const opened: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

const kept = <T extends { close(): Promise<unknown> }>(one: T): T => {
  opened.push(one)
  return one
}

async function openOffice() {
  const ports = { http: await freePort(), https: await freePort() }
  const state = { box: await openTestBox({ ports }) }
  opened.push({ close: () => state.box.remove() })
  const office = await furnish(state.box)
  return {
    office,
    box: (): TestBox => state.box,
    url: `http://localhost:${ports.http}`,
    /** The box goes away, and comes back on the same folder and ports. */
    leave: () => state.box.close(),
    async comeBack() {
      state.box = await openTestBox({ folder: state.box.folder, ports })
    },
  }
}

/** What is no error of a page: a question to a box that is away, or of a page that is left; a buzz before the first touch. */
const isFault = (line: string) =>
  !/can.t establish a connection|NetworkError|Failed to load|interrupted|Blocked call to navigator.vibrate/i.test(line)

/** The element with these words that is seen. */
const withWords = (selector: string, words: string) =>
  `[...document.querySelectorAll(${JSON.stringify(selector)})].find((one) => one.textContent.includes(${JSON.stringify(words)}) && !one.disabled && one.getClientRects().length > 0)`
const button = (words: string) => withWords('button', words)

/** Waits until the page shows these words. */
const shows = (tab: Tab, words: string) =>
  expect
    .poll(() => tab.evaluate<string>('document.body.innerText'), { timeout: 30_000 })
    .toMatch(new RegExp(words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i'))

/** Again where the page was drawn anew in between. */
const press = (tab: Tab, find: string) => vi.waitFor(() => tab.click(find), { timeout: 60_000, interval: 100 })

async function logIn(tab: Tab, name: string): Promise<void> {
  await press(tab, button(name))
  await tab.type(`${testPin}\n`)
}

async function keep(tab: Tab, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  writeFileSync(join(pictures, `${name}.png`), await tab.picture())
}

/** A served citizen's application that ended in a letter, and the link for a phone that photographs for another one. */
async function applyFor({ office: { clerks, counters, services }, box }: Awaited<ReturnType<typeof openOffice>>) {
  const { people, queue, office, residents, cases, letters } = box()
  const clerk = clerks[0]
  const account = { as: 'head', name: 'Bu Kades', role: 'head', pin: testPin, actor: 'x', key: null } as const
  const head = await people.addAccount(account)
  const siti = {
    name: 'SITI AMINAH',
    nik: '3510244107800001',
    sex: 2,
    birthPlace: 'BANYUWANGI',
    birthDate: '1980-07-01',
  }
  await bringResidents(box(), residentSheet([siti]), { actor: 'secretary-000' })
  const resident = residents.find('siti')[0]?.resident ?? ''
  queue.takeTicket({ service: services[0], actor: 'kiosk', key: null })
  office.sit({ ...by(clerk), counter: counters[0] })
  const { ticket } = queue.callNext({ ...by(clerk), counter: counters[0] })
  queue.start({ ...by(clerk), ticket })
  await residents.open({ resident, as: 'clerk', reason: 'present', note: '', ...by(clerk) })
  const kind = 'keterangan-kurang-mampu'
  const names = cases.kinds(clerk).find(({ code }) => code === kind)?.papers ?? []
  const papers = names.map((name) => ({ name, state: 'seen' as const, until: null }))
  const id = await cases.open({ kind, resident, papers, ...by(clerk) })
  const typed = { keperluan: 'beasiswa', saksi_1: 'SUNAR', saksi_2: 'TUTIK' }
  const signatory = letters.signatories()[0]?.signatory ?? ''
  const letter = await cases.writeLetter({ case: id, template: kind, resident, signatory, typed, ...by(clerk) })
  await letters.issue({ letter, actor: head, as: 'head', key: null })
  const other = await cases.open({ kind: 'kia', resident, papers: [], ...by(clerk) })
  return { ticket, link: cases.phones.begin({ case: other, actor: clerk }).token }
}

describe.each(Object.entries(drivenBrowsers))('%s', (name, open) => {
  const slug = name.toLowerCase().replaceAll(' ', '-')
  // `.ci/packages` installs what is missing; without it a run says so here.
  const walk = open ? test : test.skip
  const openBrowser = async (options?: Parameters<NonNullable<typeof open>>[0]): Promise<DrivenBrowser> => {
    if (!open) throw new TypeError(`${name} is not installed.`)
    return kept(await open(options))
  }
  const installed = open ? '' : ` (not installed here: ${name})`

  walk(
    `a ticket goes from kiosk to display, desk and phone, is spoken, and all come back after the box was away${installed}`,
    async () => {
      const place = await openOffice()
      const browser = await openBrowser()
      const [kiosk, display, desk, phone] = [
        await browser.openTab(),
        await browser.openTab(),
        await browser.openTab(),
        await browser.openTab(),
      ]
      await kiosk.goto(`${place.url}/kiosk`)
      await display.goto(`${place.url}/display`)
      await desk.goto(`${place.url}/desk`)
      await shows(display, 'Desa Tamansari')
      // What was played to its end, and what the browser would not play.
      await display.evaluate(
        `(window.heard = [], HTMLMediaElement.prototype.play = ((play) => function () { this.addEventListener('ended', () => heard.push(this.src.match(/([a-z-]+)\\.mp3/)[1]), { once: true }); return play.call(this) })(HTMLMediaElement.prototype.play), true)`,
      )
      await press(kiosk, button('KTP'))
      await shows(kiosk, 'A001')
      await keep(kiosk, `${slug}-kiosk`)
      const [ticket] = place.box().queue.openTickets()
      await phone.resize(360, 740)
      await phone.goto(`${place.url}/t/${ticket?.ticket}`)
      await shows(phone, 'Giliran Anda berikutnya')

      await logIn(desk, 'Petugas 1')
      await shows(desk, 'Duduk di loket mana?')
      await press(desk, button('Loket 1'))
      await expect.poll(() => desk.evaluate(`!!document.querySelector('button.main:enabled')`)).toBe(true)
      await desk.type('\n')
      await shows(desk, 'Mulai layani')
      await shows(display, 'A001')
      await shows(phone, 'Giliran Anda sekarang')
      await press(phone, button('Saya ke sana'))
      await shows(desk, 'Sedang ke sini')
      // A browser that wants a touch first gets one, for this call and all that come.
      await press(display, `document.querySelector('.sound-on')`)
      const heard = () => display.evaluate<string[]>('window.heard')
      const sentence = ['chime', 'nomor-antrean', 'a', 'nol', 'nol', 'satu', 'silakan-ke', 'loket', 'satu']
      await expect.poll(heard, { timeout: 40_000 }).toEqual(sentence)
      await desk.type('r')
      await shows(phone, 'panggilan ke-2')
      await expect.poll(heard, { timeout: 40_000 }).toEqual([...sentence, ...sentence])
      expect(await display.evaluate(`document.querySelector('.sound-on')`)).toBe(null)
      await expect.poll(() => place.box().voice.heard()).toBe(true)
      for (const [tab, page] of [
        [display, 'display'],
        [desk, 'desk'],
        [phone, 'phone'],
      ] as const)
        await keep(tab, `${slug}-${page}`)

      await place.leave()
      for (const tab of [kiosk, display, desk, phone]) await shows(tab, 'putus')
      await place.comeBack()
      for (const tab of [kiosk, display, desk, phone])
        await expect
          .poll(() => tab.evaluate<string>('document.body.innerText'), { timeout: 40_000 })
          .not.toMatch(/terputus|Wi-Fi kantor putus/i)

      await expect.poll(() => desk.evaluate(`!!document.querySelector('button.main:enabled')`)).toBe(true)
      await desk.type('\n')
      await shows(phone, 'Sedang dilayani di Loket 1')
      await press(desk, `document.querySelector('.results button:enabled')`)
      await shows(phone, 'Terima kasih sudah datang.')
      expect(place.box().queue.ticket(ticket?.ticket ?? '')).toMatchObject({
        state: 'completed',
        result: 'done',
        calls: 2,
      })
      expect((await browser.errors()).filter(isFault)).toEqual([])
    },
    240_000,
  )

  walk(
    `every page opens without an error${installed}`,
    async () => {
      const place = await openOffice()
      const { office, box, url } = place
      await box().people.addAccount({
        as: 'technician',
        name: 'Kepala',
        role: 'head',
        pin: testPin,
        actor: office.technician,
        key: null,
      })
      const browser = await openBrowser()
      const tab = await browser.openTab()
      for (const [path, words] of [
        ['/', 'Mesin antrean'],
        ['/book', 'Buat janji temu'],
        ['/visitor', 'KTP'],
        ['/percaya', 'Balai'],
        ['/check', 'Periksa surat'],
        ['/foto/AAAAAAAAAAAAAAAAAAAAAA', 'Tautan ini sudah berakhir'],
        ['/tidak-ada', 'Halaman ini tidak ada'],
      ] as const) {
        await tab.goto(url + path)
        await shows(tab, words)
        await keep(tab, `${slug}-page${path.replaceAll('/', '-')}`)
      }
      for (const [who, paths] of [
        ['Teknisi', { '/technician': 'Salin laporan' }],
        [
          'Kepala',
          {
            ...{ '/today': 'Loket 1', '/reports': 'Belum ada nomor yang diambil', '/admin': 'Layanan' },
            ...{ '/residents': 'Cari', '/letters': 'Tidak ada surat yang menunggu.' },
            '/cases': 'Tidak ada permohonan yang berjalan.',
          },
        ],
      ] as const) {
        await tab.goto(url + Object.keys(paths)[0])
        await logIn(tab, who)
        await expect.poll(() => tab.evaluate(`!document.querySelector('.login')`), { timeout: 30_000 }).toBe(true)
        for (const [path, words] of Object.entries(paths)) {
          await tab.goto(url + path)
          await shows(tab, words)
          await keep(tab, `${slug}-page${path.replaceAll('/', '-')}`)
        }
        await tab.evaluate(
          `fetch('/api/session', { method: 'DELETE', headers: { 'x-balai': '1', 'content-type': 'application/json' }, body: '{}' }).then(() => true)`,
        )
      }
      expect((await browser.errors()).filter(isFault)).toEqual([])
    },
    120_000,
  )

  walk(
    `a paper is photographed on a phone, the letter goes home by the birth date, and every tab of letters opens${installed}`,
    async () => {
      const place = await openOffice()
      const { ticket, link } = await applyFor(place)
      const browser = await openBrowser()
      const phone = await browser.openTab()
      await phone.resize(360, 740)
      await phone.goto(`${place.url}/foto/${link}`)
      await shows(phone, 'Ketuk berkas, lalu foto.')
      const jpeg = (await makeJpeg('KARTU KELUARGA', 100)).toString('base64')
      await phone.evaluate(`(() => {
        const bytes = Uint8Array.from(atob(${JSON.stringify(jpeg)}), (one) => one.charCodeAt(0))
        const files = new DataTransfer()
        files.items.add(new File([bytes], 'kk.jpg', { type: 'image/jpeg' }))
        const input = document.querySelector('.shots input')
        input.files = files.files
        return input.dispatchEvent(new Event('change', { bubbles: true }))
      })()`)
      await shows(phone, 'Geser keempat titik')
      await keep(phone, `${slug}-photo`)
      await press(phone, button('Luruskan dan kirim'))
      await shows(phone, 'Terkirim:')
      expect(
        place
          .box()
          .cases.list(null)
          .cases.flatMap(({ photos }) => photos),
      ).toMatchObject([{ byPhone: true }])

      await phone.goto(`${place.url}/t/${ticket}`)
      await shows(phone, 'Surat siap diambil di kantor')
      await press(phone, `document.querySelector('.take-home input:not([type])')`)
      await phone.type('31021980')
      await press(phone, button('Simpan surat di ponsel'))
      await shows(phone, 'Tanggal itu tidak ada di kalender')
      await phone.evaluate(`document.querySelector('.take-home input:not([type])').select()`)
      await phone.type('1-7-1980')
      await shows(phone, 'Sel, 1 Jul 1980')
      await keep(phone, `${slug}-take-home`)
      await press(phone, button('Simpan surat di ponsel'))
      await shows(phone, 'Surat tersimpan di ponsel ini.')

      const staff = await browser.openTab()
      await staff.goto(`${place.url}/letters`)
      await logIn(staff, 'Bu Kades')
      for (const [path, words] of [
        ['/letters', ['Tidak ada surat yang menunggu', 'Agenda surat', 'Buku ekspedisi', 'desa lain', 'Jenis surat']],
        ['/cases', ['Kartu Identitas Anak', 'Surat dibawa pulang', 'Cetak semua']],
      ] as const) {
        await staff.goto(place.url + path)
        await expect
          .poll(() => staff.evaluate<number>(`document.querySelectorAll('nav button').length`))
          .toBeGreaterThan(1)
        for (const [at, text] of words.entries()) {
          await press(staff, `document.querySelectorAll('nav button')[${at}]`)
          await shows(staff, text)
          await keep(staff, `${slug}-tab${path.replaceAll('/', '-')}-${at}`)
        }
      }
      expect((await browser.errors()).filter(isFault)).toEqual([])
    },
    240_000,
  )

  walk(
    `the agency’s page, which the hub serves, opens and says what it needs${installed}`,
    async () => {
      const server = createServer(({ url = '' }, response) => {
        const file = url === '/agency' ? 'agency.html' : url.slice(1)
        const type = { html: 'text/html', js: 'text/javascript', css: 'text/css' }[file.split('.').at(-1) ?? '']
        if (existsSync(join(builtPages, file)))
          response
            .setHeader('content-type', type ?? 'application/octet-stream')
            .end(readFileSync(join(builtPages, file)))
        else response.writeHead(404).end()
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      opened.push({ close: async () => server.closeAllConnections() ?? server.close() })
      const browser = await openBrowser()
      const tab = await browser.openTab()
      await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/agency`)
      await shows(tab, 'Masuk untuk instansi')
      await keep(tab, `${slug}-page-agency`)
      expect((await browser.errors()).filter(isFault)).toEqual([])
    },
    60_000,
  )

  const refusal = name === 'Chromium 87' ? test.skip : walk
  refusal(
    `a browser that keeps no cookie says so on screens and at the log-in, and makes no devices${installed}`,
    async () => {
      const { box, url } = await openOffice()
      const browser = await openBrowser({ keepsCookies: false })
      const tab = await browser.openTab()
      for (const path of ['/kiosk', '/display']) {
        await tab.goto(url + path)
        await shows(tab, 'Peramban ini tidak menyimpan cookie')
      }
      expect(box().devices.list()).toEqual([])
      await tab.goto(`${url}/desk`)
      await logIn(tab, 'Petugas 1')
      await shows(tab, 'Peramban ini tidak menyimpan cookie')
    },
    90_000,
  )
})
