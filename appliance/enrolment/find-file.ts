import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readTextFile } from '../base/text-file.ts'
import { type EnrolmentFile, type EnrolmentRefusal, readEnrolment } from '../wire/enrolment.ts'
import { ageOf, type Member } from './membership.ts'

/**
 * Why a file that is there is not taken. `several`: for this box there can be one only; `older`: than the one taken;
 * `unsent`: the village gets another code, and the regency lacks entries of the old one.
 */
export type FileTrouble = EnrolmentRefusal | 'several' | 'other-village' | 'older' | 'unsent'

export type Found =
  | { file: EnrolmentFile; path: string; trouble: null }
  | { file: null; path: string; trouble: FileTrouble }
  | null

const largest = 64 * 1024

/**
 * The enrolment file on the boot partition or a USB stick (`balai-enrol*.json` in one of the folders, or whatever it was
 * renamed to), or why it is not taken; null when there is none, or only the one that was taken. `village`: of the journal
 * that is here, null on a fresh box; `certain`: a moment that is certainly past, ms since 1970 UTC.
 */
export function findEnrolmentFile(
  folders: readonly string[],
  { member, village, certain }: { member: Member | null; village: string | null; certain: number },
): Found {
  const read = folders
    .flatMap(listFiles)
    .map(({ path, isNamed }) => ({ path, isNamed, ...readEnrolment(readText(path), certain) }))
    .filter(({ isNamed, refused }) => isNamed || refused !== 'unreadable')
  const fresh = read.filter((one) => one.refused || ageOf(member, one.file) === 'new')
  const [first, ...others] = fresh
  if (!first) {
    const older = read.find(({ file }) => file && ageOf(member, file) === 'older')
    return older ? { file: null, path: older.path, trouble: 'older' } : null
  }
  const differs = others.find((one) => one.refused || one.file.sig !== first.file?.sig)
  if (differs) return { file: null, path: differs.path, trouble: 'several' }
  if (first.refused) return { file: null, path: first.path, trouble: first.refused }
  if (village !== null && first.file.village !== village && first.file.movedFrom !== village)
    return { file: null, path: first.path, trouble: 'other-village' }
  return { file: first.file, path: first.path, trouble: null }
}

/** What is read of other names: sticks are full of other things. */
const mostOthers = 40

/**
 * Files that are called like one, and others that may be one: whoever renames it, or whose Windows hides that it is called
 * `….json.txt`, has brought it all the same. Of others only what is an enrolment file counts (`isNamed`: by its name). A
 * stick that is pulled while it is read is no stick.
 */
function listFiles(folder: string): { path: string; isNamed: boolean }[] {
  try {
    if (!existsSync(folder)) return []
    const names = readdirSync(folder)
      .filter((name) => /\.(json|txt)$/i.test(name))
      .sort()
    const [named, others] = [true, false].map((isNamed) =>
      names
        .filter((name) => /^balai-enrol/i.test(name) === isNamed)
        .map((name) => ({ path: join(folder, name), isNamed })),
    )
    return [...(named ?? []), ...(others ?? []).slice(0, mostOthers)]
  } catch {
    return []
  }
}

function readText(path: string): string {
  try {
    return statSync(path).size > largest ? '' : readTextFile(path)
  } catch {
    return ''
  }
}
