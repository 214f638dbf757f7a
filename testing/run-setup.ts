import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startLender } from './lender.ts'

/*
 * What the files of one run share: a temporary folder that goes with the run, in memory where there is room, and a
 * PostgreSQL that starts when the first file asks for a database (lender.ts). A disk that syncs for each of some
 * thousand boxes is what a run waited for most; what is said about syncs is tested by counting them and by states of a
 * disk, never by how long they take.
 */

/**
 * Where balai.js keeps compiled code as well. Workers and their threads take it from the environment: each thread would
 * else read some hundred TypeScript modules anew, a third of what files with threads took.
 */
const compiled = join(import.meta.dirname, '../node_modules/.cache/balai')

/** A run takes under 1 GB at a time. */
const roomBytes = 4_000_000_000
const memory = '/dev/shm'
const prefix = 'balai-run-'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = hasRoom() ? memory : tmpdir()
  removeDeserted(root)
  const folder = mkdtempSync(join(root, `${prefix}${process.pid}-`))
  chmodSync(folder, 0o1777) // as /tmp: PostgreSQL runs as another user
  const leave = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', leave)
  const lender = await startLender(folder)
  project.config.env = { ...project.config.env, TMPDIR: folder, BALAI_TEST_LENDER: lender.url }
  process.env.NODE_COMPILE_CACHE ??= compiled
  return async () => {
    await lender.stop()
    leave()
    process.off('exit', leave)
  }
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize > roomBytes && process.availableMemory() > 2 * roomBytes
  } catch {
    return false
  }
}

/** What a run left that was killed. Its PostgreSQL, if it still runs, ends by itself when its folder is gone. */
function removeDeserted(root: string): void {
  for (const name of readdirSync(root)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : 0
    if (pid > 0 && !isAlive(pid)) rmSync(join(root, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
