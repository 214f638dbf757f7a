import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../base/errors.ts'
import { runProgram } from '../base/run-program.ts'
import { writeShared } from '../base/store/shared-file.ts'
import { programCompatible } from '../wire/releases.ts'
import type { ReadInfo } from './bundles.ts'

/*
 * The program alone, as root: below `<state>/program` each version has a folder with the executable and its sum. `fresh`
 * names the one that is to prove itself and how often it may still be started, `confirmed` the one that has; the image's
 * own script (images/overlay/usr/lib/balai/image/program) chooses at each start.
 */

/** A fresh slot has as many. */
const freshTries = 3

type Parts = {
  stateFolder: string
  readInfo: ReadInfo
  /** RAUC checks signature and each block, and unpacks into a new folder. Throws what it says. */
  extract: (file: string, folder: string) => Promise<void>
}

/** Puts the program of a signed bundle beside the one of the system; the next start tries it. Throws where it is none. */
export async function installProgram(file: string, { stateFolder, readInfo, extract }: Parts): Promise<void> {
  const folder = join(stateFolder, 'program')
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const kept = readConfirmedProgram(folder)
  for (const name of readdirSync(folder))
    if (!['confirmed', kept].includes(name)) rmSync(join(folder, name), { recursive: true })
  // The box, which may have been taken over, cannot change root's own copy while it is read.
  const copy = join(folder, 'bundle.raucb')
  copyFileSync(file, copy)
  chmodSync(copy, 0o600)
  const { compatible, version } = await readInfo(copy)
  if (compatible !== programCompatible())
    throw new AppError('invalid', 'updates.other-machine', `It is for ${compatible}.`)
  if (version === kept) throw new AppError('conflict', 'updates.older', `Version ${version} runs already.`)
  // No name of the folder that holds it, nor of what lies beside it.
  if (!/^\d/.test(version)) throw new AppError('invalid', 'updates.unreadable', `"${version}" is no version.`)
  const made = join(folder, version)
  await extract(copy, made)
  rmSync(copy)
  const program = join(made, 'balai')
  chmodSync(program, 0o755)
  const says = (await runProgram(program, ['--version'], 120_000)).trim()
  if (says !== version)
    throw new AppError('invalid', 'updates.unreadable', `The program says that it is version ${says}.`)
  // For `sha256sum --check`, by which a card that forgets is found.
  const [sum] = (await runProgram('sha256sum', [program])).split(' ')
  writeShared(join(made, 'balai.sum'), `${sum}  balai\n`, 0o644)
  await runProgram('sync', [program, made, folder])
  writeShared(join(folder, 'fresh'), `${version} ${freshTries}\n`, 0o644)
}

function readConfirmedProgram(folder: string): string | null {
  const file = join(folder, 'confirmed')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null
}
