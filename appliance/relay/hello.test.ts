import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { markPlaces } from '../wire/chain.ts'
import { unpackFrame } from '../wire/frame.ts'
import { type Hello, limits, validators } from '../wire/messages.ts'
import { packHello } from './hello.ts'

const hello: Hello = {
  ...{ session: 's'.repeat(16), n: 1, box: 'b'.repeat(22), key: 'k'.repeat(43) },
  epochs: Array.from({ length: 365 }, () => ({
    epoch: newId(),
    last: 400,
    marks: markPlaces(400).map((seq): [number, string] => [seq, randomBytes(8).toString('base64url')]),
  })),
}

test('F61: a year of epochs says hello with fewer marks where the broker takes small packets, and leaves no epoch out', () => {
  const read = (mostBytes: number) => {
    const payload = packHello(hello, mostBytes)
    expect(payload.length).toBeLessThanOrEqual(mostBytes)
    const message = unpackFrame(payload)
    if (!validators.hello.Check(message)) throw new TypeError('It is no hello.')
    return message.epochs
  }
  expect(read(limits.batchWireBytes)).toEqual(hello.epochs)
  const small = read(19_872)
  expect(small.map(({ epoch, last }) => [epoch, last])).toEqual(hello.epochs.map(({ epoch, last }) => [epoch, last]))
  // The newest marks stay: where two pasts part lately, little is sent again.
  expect(small.every(({ marks }) => marks[0]?.[0] === 400)).toBe(true)
})

test('A15: of more epochs than a hello may have the newest are named, and the hub takes that', () => {
  const most = limits.helloEpochs
  const epochs = Array.from({ length: most + 500 }, () => ({ epoch: newId(), last: 1, marks: [] }))
  const read = (message: Hello) => unpackFrame(packHello(message, limits.batchWireBytes))
  const named = read({ ...hello, epochs }) as Hello
  expect(validators.hello.Check(named)).toBe(true)
  expect(named.epochs.map(({ epoch }) => epoch)).toEqual(epochs.slice(-most).map(({ epoch }) => epoch))
  expect(validators.hello.Check({ ...hello, epochs })).toBe(false)
})
