import { packFrame } from '../wire/frame.ts'
import { type Hello, limits } from '../wire/messages.ts'

/**
 * A hello that goes through a broker which takes `mostBytes`: with fewer marks of each epoch where all of them are too
 * many, the newest first. Then more of a parted past gets new places; no epoch is ever left out, since what the hub does
 * not hear of it does not ask for. Beyond `limits.helloEpochs`, which no card in an office comes to, the oldest are: what
 * the hub holds of them it names itself.
 */
export function packHello(hello: Hello, mostBytes: number): Buffer {
  for (let marks: number = limits.marksPerEpoch; ; marks = Math.floor(marks / 2)) {
    const epochs = hello.epochs
      .slice(-limits.helloEpochs)
      .map((epoch) => ({ ...epoch, marks: epoch.marks.slice(0, marks) }))
    const payload = packFrame({ ...hello, epochs })
    if (payload.length <= mostBytes || marks === 0) return payload
  }
}
