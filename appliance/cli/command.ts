import { existsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import Database from 'better-sqlite3'

/** One `balai <command>`. `run` answers the exit code; what it throws becomes a sentence and a code in `cli.ts`. */
export type Command = {
  /** One line for `balai --help`. */
  summary: string
  /** What `balai <command> --help` prints. */
  help: string
  run(args: string[]): Promise<number>
}

/** How every command that takes a configuration says where it looks. */
export const configHelp = (name: 'balai.toml' | 'hub.toml'): string =>
  `  --config FILE   configuration (default: ${name} of this folder, else
                  /etc/balai/${name})`

/** The configuration that a command takes: the one that was named, else the one of this folder, else the machine's. */
export function configPath(name: 'balai.toml' | 'hub.toml', given: string | undefined): string {
  if (given !== undefined) return given
  return existsSync(name) ? name : `/etc/balai/${name}`
}

/** Who types a command, as the hub's audit names him; asked before `becomeOwner`. */
export const commandLine = () => ({ account: null, actor: `command line (${process.env.SUDO_USER ?? userName()})` })

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.()}` // one without a name, as in a container
  }
}

/**
 * Root gives itself up for the user to whom the data folder belongs: what root would leave there the service could not
 * read. Does nothing for anybody else, and where the folder is root's or not there yet.
 */
export function becomeOwner(dataFolder: string): void {
  const owner = ownerBesideRoot(dataFolder)
  if (!owner) return
  const { uid, gid } = owner
  // Now, while root's home is open: the packed program lays the database driver down there.
  new Database(':memory:').close()
  // Missing in the types of Node; with the groups by which the service reaches printer and sound.
  ;(process as unknown as { initgroups(user: number, group: number): void }).initgroups(uid, gid)
  process.setgid?.(gid)
  process.setuid?.(uid)
}

/** To whom the folder belongs, where that is not root and root asks; null otherwise. */
function ownerBesideRoot(dataFolder: string): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0 || !existsSync(dataFolder)) return null
  const { uid, gid } = statSync(dataFolder)
  return uid === 0 ? null : { uid, gid }
}

/** The same for as long as `work` takes: what is written afterwards is written by the one who types, whose stick it is. */
export async function asOwner<T>(dataFolder: string, work: () => Promise<T>): Promise<T> {
  const owner = ownerBesideRoot(dataFolder)
  if (!owner) return await work()
  process.setegid?.(owner.gid)
  process.seteuid?.(owner.uid)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
    process.setegid?.(0)
  }
}
