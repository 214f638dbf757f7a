import { paperClip, spellTicket } from '../../voice/sentence.ts'

let playing: HTMLAudioElement | null = null

/** Reads the number of a ticket: "Nomor antrean A, nol satu dua". */
export const readNumber = (number: string): Promise<void> =>
  readClips(['nomor-antrean', ...spellTicket(number, 'digits')])

/** Reads the name of a service, where the office has recorded it. */
export const readService = (prefix: string): Promise<void> => readClips([`layanan-${prefix.toLowerCase()}`])

/** Reads what to bring, paper by paper, where the office has recorded each. */
export const readPapers = (papers: readonly string[]): Promise<void> => readClips(papers.map(paperClip))

/** One clip after another; what was being read stops. Without sound the words on the screen are all there is. */
async function readClips(names: readonly string[]): Promise<void> {
  playing?.pause()
  for (const name of names) {
    const audio = new Audio(`/voice/${name}.mp3`)
    playing = audio
    const ended = new Promise<boolean>((resolve) => {
      audio.addEventListener('ended', () => resolve(true))
      audio.addEventListener('pause', () => resolve(audio.ended))
      audio.addEventListener('error', () => resolve(false))
      audio.play().catch(() => resolve(false))
    })
    if (!(await ended)) return
  }
}
