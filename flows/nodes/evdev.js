/*
 * Linux's input events: on 64 bits each is 24 bytes, {seconds i64, microseconds i64, type u16, code u16, value i32}
 * (linux/input.h; codes from linux/input-event-codes.h).
 */

const eventBytes = 24
const keyEvents = 1
const pressed = 1

/** What a numeric keypad has; the digits above letters too, since some keypads send those. */
const keyNames = /** @type {Record<number, string>} */ ({
  ...Object.fromEntries([2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((code, index) => [code, String((index + 1) % 10)])),
  ...{ 71: '7', 72: '8', 73: '9', 75: '4', 76: '5', 77: '6', 79: '1', 80: '2', 81: '3', 82: '0' },
  ...{ 1: 'escape', 12: '-', 13: '=', 14: 'backspace', 15: 'tab', 28: 'enter', 57: 'space', 111: 'delete' },
  ...{ 55: '*', 74: '-', 78: '+', 83: '.', 96: 'enter', 98: '/', 117: '=', 121: ',', 179: '(', 180: ')' },
  ...{ 102: 'home', 103: 'up', 104: 'page-up', 105: 'left', 106: 'right', 107: 'end', 108: 'down', 109: 'page-down' },
})

/** Num Lock, which cheap keypads press by themselves around each digit. */
const ignored = [69]

/** Takes bytes as they come and tells each key that goes down. @param {(key: string, code: number) => void} tell */
export function createKeyReader(tell) {
  let rest = Buffer.alloc(0)
  return (/** @type {Buffer} */ part) => {
    const bytes = Buffer.concat([rest, part])
    const whole = bytes.length - (bytes.length % eventBytes)
    for (let at = 0; at < whole; at += eventBytes) {
      const code = bytes.readUInt16LE(at + 18)
      if (bytes.readUInt16LE(at + 16) !== keyEvents || bytes.readInt32LE(at + 20) !== pressed || ignored.includes(code))
        continue
      tell(keyNames[code] ?? `key-${code}`, code)
    }
    rest = bytes.subarray(whole)
  }
}

/** Whether a device has the keypad's 1 to 3, by the bits in its `capabilities/key` (hexadecimal words, the last is the lowest). */
export function hasDigits(/** @type {string} */ capabilities) {
  const words = capabilities.trim().split(/\s+/).reverse()
  const has = (/** @type {number} */ code) =>
    ((BigInt(`0x${words[Math.floor(code / 64)] ?? 0}`) >> BigInt(code % 64)) & 1n) === 1n
  return (has(79) && has(80) && has(81)) || (has(2) && has(3) && has(4))
}
