const beginsWithinMs = 4000
/** The longest clip that anybody records, and some patience for a player that stutters. */
const endsWithinMs = 12_000

/**
 * Plays clips one after another through one element: a browser that wants a touch first is satisfied once, for all of
 * them. `play` resolves when the clip was heard to its end, and rejects when it cannot be heard: refused by the browser
 * (`NotAllowedError`), broken, or not there in time, since a line that is frozen brings no error either.
 */
export function createClipPlayer() {
  const audio = new Audio()

  function play(clip: string, volumePercent: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(begins)
        clearTimeout(ends)
        for (const [event, listener] of listeners) audio.removeEventListener(event, listener)
        settle()
      }
      const fail = (error: unknown) =>
        end(() => {
          audio.removeAttribute('src')
          audio.load() // lets go of a connection that nothing comes from
          reject(error)
        })
      const listeners = [
        ['playing', () => clearTimeout(begins)],
        ['ended', () => end(resolve)],
        ['error', () => fail(new Error(`${clip} could not be played`))],
      ] as const
      for (const [event, listener] of listeners) audio.addEventListener(event, listener)
      const begins = setTimeout(() => fail(new Error(`${clip} did not come`)), beginsWithinMs)
      const ends = setTimeout(() => fail(new Error(`${clip} did not end`)), endsWithinMs)
      audio.src = `/voice/${clip}.mp3`
      audio.volume = volumePercent / 100
      audio.play().catch((error) => {
        if (audio.src.endsWith(`/${clip}.mp3`)) fail(error)
      })
    })
  }

  return { play }
}
