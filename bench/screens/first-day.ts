import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { drawn } from '../../testing/browser.ts'
import { openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { monday } from '../../testing/test-box.ts'

/*
 * The first day of an office, from an empty box with a doubtful clock to the first served ticket, as a technician goes
 * through it: each touch and each field is counted where it happens. The guide for technicians is made of what is counted
 * here, so that no number in it is from memory.
 */

export const guideFolder = 'provisioning/first-day'

const phone = { width: 360, height: 800 }
const monitor = { width: 1280, height: 1024 }

export type FirstDayStep = {
  /** Name of its pictures. */
  name: string
  title: string
  what: string
  touches: number
  fields: number
  /** What somebody has to make up their mind about; null: nothing. */
  decision: string | null
  /** Minutes with reading. A guess: nobody has been timed. */
  guessedMinutes: number
}

type Told = Pick<FirstDayStep, 'name' | 'title' | 'what' | 'decision' | 'guessedMinutes'>

/** Plays the day and answers its steps; `keep` is given each page as it looks when its step begins to be read. */
export async function playFirstDay(
  browser: Browser,
  keep: (page: Page, name: string, sizes: readonly (typeof phone)[]) => Promise<void> = async () => {},
): Promise<FirstDayStep[]> {
  const place = await openBrowserOffice({ browser, furnished: false, box: { trusted: false } })
  const steps: FirstDayStep[] = []
  const both = [phone, monitor]
  const begin = (told: Told) => steps.push({ ...told, touches: 0, fields: 0 })
  const count = (what: 'touches' | 'fields') => {
    const step = steps.at(-1)
    if (step) step[what]++
  }
  try {
    const code = place.box.setupCode.read() ?? ''
    const screen = await place.open('/kiosk', { viewport: monitor })
    await shows(screen, code.slice(0, 5))
    begin({
      name: 'kode',
      title: 'Pindai kode di layar',
      what: 'Layar yang terpasang menampilkan kode sekali pakai, alamat, dan QR yang berisi keduanya. Sambungkan ponsel ke Wi-Fi kantor, lalu pindai.',
      decision: null,
      guessedMinutes: 1,
    })
    await keep(screen, 'kode', [monitor])
    count('touches') // the one scan
    await screen.close()

    const admin = await place.open(`/admin#kode=${code}`, { viewport: phone })
    // Whose clock the box is set by: at night an office with hours gives no number.
    await admin.clock.setFixedTime(monday)
    const press = async (name: string | RegExp) => {
      await admin.getByRole('button', { name }).first().click()
      count('touches')
    }
    const step = admin.locator('.step')
    /** The page has heard that so many of the six steps are done. */
    const areDone = (steps: number) =>
      admin
        .locator('.steps li.done')
        .nth(steps - 1)
        .waitFor()
    const fill = async (label: string, text: string, within: Page | typeof step = admin) => {
      await within.getByLabel(label).fill(text)
      count('fields')
    }

    await admin.getByLabel('Nama Anda').waitFor()
    begin({
      name: 'teknisi',
      title: 'Jadi teknisi kantor ini',
      what: 'Kodenya sudah terisi. Ketik nama dan PIN enam angka.',
      decision: 'siapa teknisinya',
      guessedMinutes: 1,
    })
    await keep(admin, 'teknisi', both)
    await fill('Nama Anda', 'Teknisi')
    await fill('PIN baru', '258014')
    await press('Mulai pakai')

    await shows(admin, /^Hari ini /)
    begin({
      name: 'jam',
      title: 'Benarkan jam',
      what: 'Selama perangkat belum pasti jamnya, pertanyaan ini tampil paling atas. Tanpa jawabannya nomor belum bisa diambil.',
      decision: 'apakah tanggal dan jamnya benar',
      guessedMinutes: 0.5,
    })
    await keep(admin, 'jam', both)
    await press('Ya, benar')
    await admin.getByRole('button', { name: 'Ya, benar' }).waitFor({ state: 'detached' })

    begin({
      name: 'petugas',
      title: 'Petugas',
      what: 'Satu petugas cukup untuk mulai; yang lain bisa ditambah kapan saja.',
      decision: 'siapa petugasnya',
      guessedMinutes: 1,
    })
    await keep(admin, 'petugas', both)
    await fill('Nama', 'Petugas 1', step)
    await fill('PIN baru', '146290', step)
    await press('Simpan')
    await press('Lanjut')

    await step.getByRole('button', { name: /^Pakai \d+ layanan/ }).waitFor()
    await areDone(1)
    begin({
      name: 'layanan',
      title: 'Layanan',
      what: 'Layanan yang biasa ada sudah siap, dengan syarat dan lamanya. Buang centang yang tidak dilayani.',
      decision: 'layanan mana yang dilayani',
      guessedMinutes: 1.5,
    })
    await keep(admin, 'layanan', both)
    await press(/^Pakai \d+ layanan/)

    await step.getByLabel('Berapa loket?').waitFor()
    await areDone(2)
    begin({
      name: 'loket',
      title: 'Loket',
      what: 'Pilih jumlahnya; semua loket melayani semua layanan sampai diubah.',
      decision: 'berapa loket',
      guessedMinutes: 0.5,
    })
    await keep(admin, 'loket', both)
    await press('Buat loket')

    await shows(admin, /Senin–Kamis/)
    await areDone(3)
    begin({
      name: 'hari',
      title: 'Jam layanan',
      what: 'Minggu yang biasa dan hari libur nasional sudah terisi. Satu sentuhan memakainya.',
      decision: 'jam buka kantor',
      guessedMinutes: 1,
    })
    await keep(admin, 'hari', both)
    await press('Pakai jam ini')

    await shows(admin, /\/kiosk di layarnya/)
    await areDone(4)
    begin({
      name: 'layar',
      title: 'Layar',
      what: 'Buka mesin antrean dan layar panggilan di layarnya. Layar yang terpasang pada perangkat Balai terhubung sendiri; layar lain menampilkan kode yang dipindai dengan ponsel ini.',
      decision: null,
      guessedMinutes: 2,
    })
    await keep(admin, 'layar', both)
    const kiosk = await place.open('/kiosk', { viewport: monitor })
    const display = await place.open('/display', { viewport: monitor })
    await shows(kiosk, 'Mau mengurus apa hari ini?')
    await shows(display, 'Belum ada nomor yang dipanggil')
    await keep(kiosk, 'mesin-antrean', [monitor])
    await press('Lanjut')

    await admin.getByRole('button', { name: 'Ambil nomor coba' }).waitFor()
    await areDone(5)
    begin({
      name: 'coba',
      title: 'Coba satu nomor',
      what: 'Ambil, panggil, selesaikan: nomornya tampil di layar panggilan dan diucapkan.',
      decision: 'apakah nomornya terlihat dan terdengar',
      guessedMinutes: 1.5,
    })
    await keep(admin, 'coba', both)
    await press('Ambil nomor coba')
    await press('Panggil A001')
    await shows(display, 'A001')
    await keep(display, 'dipanggil', [monitor])
    await press('Selesaikan A001')
    await shows(admin, 'Kantor siap melayani')
    await areDone(6)
    await keep(admin, 'siap', both)
    const [served] = place.box.queue.ended(place.box.queue.day() ?? '', 1)
    if (served?.state !== 'completed') throw new Error('The first ticket was not served.')
    if (place.faults.length > 0) throw new Error(place.faults.join('; '))
    return steps
  } finally {
    await place.close()
  }
}

/** The guide for technicians, as text of these steps. */
export function writeGuide(steps: readonly FirstDayStep[]): string {
  const sum = (of: (step: FirstDayStep) => number) => steps.reduce((total, step) => total + of(step), 0)
  const minutes = (value: number) => String(value).replace('.', ',')
  const rows = steps.map(
    ({ title, touches, fields, decision, guessedMinutes }, at) =>
      `| ${at + 1}. ${title} | ${touches} | ${fields} | ${decision ?? '–'} | ${minutes(guessedMinutes)} |`,
  )
  const decisions = steps.filter(({ decision }) => decision !== null).length
  const picture = (name: string, { width, height }: typeof phone, words: string) =>
    `<img src="${name}-${width}x${height}.webp" alt="${words}" height="360">`
  const more: Record<string, [string, string][]> = {
    layar: [['mesin-antrean', 'Mesin antrean']],
    coba: [['dipanggil', 'Layar panggilan']],
  }
  const parts = steps.flatMap(({ name, title, what }, at) => [
    `### ${at + 1}. ${title}`,
    '',
    what,
    '',
    [
      ...(name === 'kode' ? [] : [picture(name, phone, `${title}, di ponsel`)]),
      picture(name, monitor, name === 'kode' ? `${title}, di layar` : `${title}, di komputer`),
      ...(more[name] ?? []).map(([one, words]) => picture(one, monitor, words)),
      ...(name === 'coba' ? [picture('siap', phone, 'Kantor siap melayani, di ponsel')] : []),
    ].join('\n'),
    '',
  ])
  return [
    '<!-- Dibuat oleh `npm run screens -- first-day`; jangan diubah di sini. -->',
    '',
    '# Hari pertama',
    '',
    'Dari perangkat Balai yang kosong, dengan jam yang belum pasti, sampai nomor pertama selesai dilayani: satu layar terpasang, satu ponsel, satu petugas, layanan yang biasa.',
    '',
    '| langkah | sentuhan | isian | yang diputuskan | menit (perkiraan) |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    `| **jumlah** | **${sum(({ touches }) => touches)}** | **${sum(({ fields }) => fields)}** | **${decisions}** | **${minutes(sum(({ guessedMinutes }) => guessedMinutes))}** |`,
    '',
    'Sentuhan dan isian dihitung selagi langkah-langkah ini dijalankan di Chromium; memindai QR dihitung satu sentuhan, mengetik tidak. **Menitnya hanya perkiraan**: belum ada orang yang diukur.',
    '',
    ...parts,
  ].join('\n')
}

/** Plays the day, keeps its pictures, and writes the guide. */
export async function makeGuide(browser: Browser): Promise<void> {
  rmSync(guideFolder, { recursive: true, force: true })
  mkdirSync(guideFolder, { recursive: true })
  const painter = await browser.newPage()
  const steps = await playFirstDay(browser, async (page, name, sizes) => {
    const before = page.viewportSize()
    for (const size of sizes) {
      await page.setViewportSize(size)
      await drawn(page)
      const png = await page.screenshot({ animations: 'disabled' })
      writeFileSync(join(guideFolder, `${name}-${size.width}x${size.height}.webp`), await toWebp(painter, png))
    }
    if (before) await page.setViewportSize(before)
  })
  await painter.close()
  writeFileSync(join(guideFolder, 'README.md'), writeGuide(steps))
}

/** By the browser that took the picture: no package is needed for it. */
async function toWebp(painter: Page, png: Buffer): Promise<Buffer> {
  const address = await painter.evaluate<string>(`(async () => {
    const picture = new Image()
    picture.src = 'data:image/png;base64,${png.toString('base64')}'
    await picture.decode()
    const canvas = document.createElement('canvas')
    canvas.width = picture.naturalWidth
    canvas.height = picture.naturalHeight
    canvas.getContext('2d').drawImage(picture, 0, 0)
    return canvas.toDataURL('image/webp', 0.7)
  })()`)
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64')
}
