import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { writeShared } from '../base/store/shared-file.ts'
import { writeWhole } from '../base/store/whole-file.ts'
import { profilePrefix, writeProfiles } from './profiles.ts'
import { readConfirmation, readRequest, readState, stateFile } from './request-files.ts'
import { assertNetwork } from './settings.ts'

export type Applied = 'kept' | 'reverted' | 'nothing-new' | 'refused'

type Options = {
  data: string
  /** Where the state is said. */
  stateFolder: string
  /** /etc/NetworkManager/system-connections */
  profilesFolder: string
  /** Survives a restart in the middle: what there was before. */
  beforeFile: string
  /** nmcli with these words; what fails there is shown by the connections themselves. */
  nmcli: (words: readonly string[]) => Promise<void>
  wait: (ms: number) => Promise<void>
  now: () => number
}

const lookEveryMs = 1_000

/**
 * Makes the connections what the box asks for. Unless somebody confirms in time, all is as it was before; so it is too
 * when the machine was switched off in between.
 */
export async function applyNetwork(options: Options): Promise<Applied> {
  const { data, stateFolder, beforeFile, wait, now } = options
  const say = (id: string, outcome: 'trying' | 'kept' | 'reverted', until: number) =>
    writeShared(stateFile(stateFolder), JSON.stringify({ id, outcome, until }), 0o644)

  if (existsSync(beforeFile)) {
    const before = readBefore(beforeFile)
    if (before) await change(options, new Map(before.profiles))
    rmSync(beforeFile)
    if (before) say(before.id, 'reverted', now())
  }
  const request = readRequest(data)
  if (!request) return 'nothing-new'
  const known = readState(stateFolder)
  const { id, settings, confirmWithinS } = request
  if (known?.id === id) return 'nothing-new'
  try {
    assertNetwork(settings)
  } catch {
    return 'refused'
  }
  const before = readProfiles(options.profilesFolder)
  const after = writeProfiles(settings)
  if (isSame(before, after)) {
    say(id, 'kept', now())
    return 'kept'
  }
  const until = now() + confirmWithinS * 1_000
  if (confirmWithinS > 0) writeShared(beforeFile, JSON.stringify({ id, profiles: [...before] }), 0o600)
  await change(options, after)
  if (confirmWithinS > 0) say(id, 'trying', until)
  for (let waited = 0; waited < confirmWithinS * 1_000; waited += lookEveryMs) {
    if (readConfirmation(data) === id) break
    await wait(lookEveryMs)
  }
  const kept = confirmWithinS === 0 || readConfirmation(data) === id
  if (!kept) await change(options, before)
  rmSync(beforeFile, { force: true })
  say(id, kept ? 'kept' : 'reverted', now())
  return kept ? 'kept' : 'reverted'
}

/** The connections of ours, and of ours only, become these. */
async function change({ profilesFolder, nmcli }: Options, profiles: Map<string, string>): Promise<void> {
  mkdirSync(profilesFolder, { recursive: true, mode: 0o700 })
  for (const name of readProfiles(profilesFolder).keys()) if (!profiles.has(name)) rmSync(join(profilesFolder, name))
  // NetworkManager takes no file that others can read: there are passwords in it.
  for (const [name, text] of profiles) writeWhole(join(profilesFolder, name), text)
  await nmcli(['connection', 'reload'])
  for (const name of profiles.keys())
    await nmcli(['--wait', '20', 'connection', 'up', name.replace('.nmconnection', '')])
}

const Before = Type.Object({ id: Type.String(), profiles: Type.Array(Type.Tuple([Type.String(), Type.String()])) })

/** Null for a file that a power cut under an older program has left half: what is asked for is then tried anew. */
function readBefore(path: string): Static<typeof Before> | null {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return Value.Check(Before, found) ? found : null
  } catch {
    return null
  }
}

function readProfiles(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map()
  const names = readdirSync(folder).filter((name) => name.startsWith(profilePrefix) && name.endsWith('.nmconnection'))
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

const isSame = (a: Map<string, string>, b: Map<string, string>): boolean =>
  a.size === b.size && [...a].every(([name, text]) => b.get(name) === text)
