import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { Value } from 'typebox/value'
import { AppError } from '../../appliance/base/errors.ts'
import { sha256Text } from '../../appliance/wire/hash.ts'
import { limits } from '../../appliance/wire/messages.ts'
import { SystemFile } from '../../appliance/wire/releases.ts'

/** Longer is no signature of a bundle: what RAUC itself allows. */
const mostSignatureBytes = 64 * 1024

/**
 * What a RAUC bundle is for, its sums, and nothing of its signature: boxes check that, by the key of whoever makes their
 * systems. Its file ends in a CMS signature, whose length is in the last eight bytes; in the format "verity" the signed
 * content is the manifest (rauc.readthedocs.io, reference, "Bundle Formats"). Throws `releases.no-bundle`.
 */
export async function readBundle(path: string, file: FileHandle): Promise<SystemFile> {
  try {
    const { size } = await file.stat()
    const manifest = await readManifest(file, size)
    const member = (name: string) => new RegExp(`^${name}=(.+)$`, 'm').exec(manifest)?.[1]?.trim()
    const { sha256, parts } = await readSums(file)
    const found = { compatible: member('compatible'), version: member('version'), bytes: size, sha256, parts }
    if (Value.Check(SystemFile, found)) return found
    throw noBundle(path, `it has ${size} bytes, compatible "${found.compatible}" and version "${found.version}"`)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw noBundle(path, (error as Error).message)
  }
}

const noBundle = (path: string, why: string) =>
  new AppError(
    'invalid',
    'releases.no-bundle',
    `${path} is no bundle of a system or program for images (.raucb): ${why}`,
  )

async function readManifest(file: FileHandle, size: number): Promise<string> {
  const length = Number((await readAt(file, Math.max(size - 8, 0), 8)).readBigUInt64BE())
  if (length > mostSignatureBytes || length > size - 8) throw new TypeError('no signature at its end')
  const signature = (await readAt(file, size - 8 - length, length)).toString('latin1')
  const at = signature.indexOf('[update]')
  if (at < 0) throw new TypeError('its signature holds no manifest; the format "verity" is the one that is published')
  return signature.slice(at)
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead < length) throw new TypeError('it is too short')
  return buffer
}

async function readSums(file: FileHandle): Promise<Pick<SystemFile, 'sha256' | 'parts'>> {
  const whole = createHash('sha256')
  const parts: string[] = []
  for await (const { bytes } of readParts(file)) {
    whole.update(bytes)
    parts.push(sha256Text(bytes))
  }
  return { sha256: whole.digest('base64url'), parts }
}

/** The file as it is kept and sent, part by part. */
export async function* readParts(file: FileHandle): AsyncGenerator<{ n: number; bytes: Buffer }> {
  for (let n = 0; ; n++) {
    const buffer = Buffer.alloc(limits.filePartBytes)
    const { bytesRead } = await file.read(buffer, 0, buffer.length, n * buffer.length)
    if (bytesRead > 0) yield { n, bytes: buffer.subarray(0, bytesRead) }
    if (bytesRead < buffer.length) return
  }
}
