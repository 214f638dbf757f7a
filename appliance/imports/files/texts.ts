import { AppError } from '../../base/errors.ts'

/** Texts one behind the other as bytes, so that half a million of them are no half a million objects. */
export type Texts = { at(index: number): string }

const mostBytes = 96 * 1024 * 1024

/** Takes the texts that the cells of a book share. Throws `imports.too-large` beyond 96 MiB. */
export function createTexts(): Texts & { add(text: string): void } {
  let bytes = Buffer.alloc(64 * 1024)
  let used = 0
  const ends: number[] = []
  return {
    at: (index) => bytes.toString('utf8', index === 0 ? 0 : ends[index - 1], ends[index]),
    add(text) {
      const size = Buffer.byteLength(text)
      if (used + size > mostBytes)
        throw new AppError('invalid', 'imports.too-large', `The texts of the file have more than ${mostBytes} bytes.`)
      if (used + size > bytes.length) bytes = Buffer.concat([bytes], Math.max(bytes.length * 2, used + size))
      used += bytes.write(text, used)
      ends.push(used)
    },
  }
}
