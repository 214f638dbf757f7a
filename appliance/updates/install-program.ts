import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, copyFile, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../base/errors.ts'
import { writeShared } from '../base/store/shared-file.ts'
import { syncFolder } from '../base/store/whole-file.ts'
import { programCompatible } from '../wire/releases.ts'
import type { ReadInfo } from './bundles.ts'

/*
 * The program alone, as root: below `<state>/program` each version has a folder with the executable and its sum. `fresh`
 * names the one that is to prove itself and how often it may still be started, `confirmed` the one that has; the image's
 * own script (images/overlay/usr/lib/balai/image/program) chooses at each start.
 */

/** A fresh slot has as many. */
const freshTries = 3
const executable = 'balai'

type Parts = {
  stateFolder: string
  readInfo: ReadInfo
  /** RAUC checks signature and each block, and unpacks into a new folder. Throws what it says. */
  extract: (file: string, folder: string) => Promise<void>
  /** What this executable says of its version. */
  readVersion: (path: string) => Promise<string>
}

/** Puts the program of a signed bundle beside the one of the system; the next start tries it. Throws where it is none. */
export async function installProgram(
  file: string,
  { stateFolder, readInfo, extract, readVersion }: Parts,
): Promise<void> {
  const folder = join(stateFolder, 'program')
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const kept = await readConfirmedProgram(folder)
  for (const name of await readdir(folder))
    if (!['confirmed', kept].includes(name)) await rm(join(folder, name), { recursive: true })
  // The box, which may have been taken over, cannot change root's own copy while it is read.
  const copy = join(folder, 'bundle.raucb')
  await copyFile(file, copy)
  await chmod(copy, 0o600)
  const { compatible, version } = await readInfo(copy)
  if (compatible !== programCompatible())
    throw new AppError('invalid', 'updates.other-machine', `It is for ${compatible}.`)
  if (version === kept) throw new AppError('conflict', 'updates.older', `Version ${version} runs already.`)
  // No name of the folder that holds it, nor of what lies beside it.
  if (!/^\d/.test(version)) throw new AppError('invalid', 'updates.unreadable', `"${version}" is no version.`)
  const made = join(folder, version)
  await extract(copy, made)
  await rm(copy)
  const program = join(made, executable)
  await chmod(program, 0o755)
  const says = (await readVersion(program)).trim()
  if (says !== version)
    throw new AppError('invalid', 'updates.unreadable', `The program says that it is version ${says}.`)
  await keepSum(program)
  syncFolder(made)
  writeShared(join(folder, 'fresh'), `${version} ${freshTries}\n`, 0o644)
}

async function readConfirmedProgram(folder: string): Promise<string | null> {
  try {
    return (await readFile(join(folder, 'confirmed'), 'utf8')).trim()
  } catch {
    return null
  }
}

/** For `sha256sum --check`, by which a card that forgets is found. */
async function keepSum(program: string): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(program), hash)
  writeShared(`${program}.sum`, `${hash.digest('hex')}  ${basename(program)}\n`, 0o644)
  const file = await open(program)
  await file.sync()
  await file.close()
}
