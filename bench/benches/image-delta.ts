import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { cutOut, missingForImages, partitionOf } from '../../testing/emulated-pi.ts'
import type { Bench } from '../run.ts'
import { round } from '../statistics.ts'

const root = join(import.meta.dirname, '..', '..')
const mega = 1_000_000
const blockBytes = 4_096
/** What mksquashfs packs as one, and a bundle is fetched by. */
const packedBytes = 131_072
/** SHA-256 of each block in RAUC's index; of each chunk and its end in casync's. */
const indexBytes = { block: 32, chunk: 40 }

/**
 * How much of a newer system a box would fetch that has an older one: all of its bundle (as now), by blocks of 4 KiB as
 * RAUC's block-hash-index finds them, and by casync's chunks of 64 KiB on average, cut by their content. Two cards are
 * built for it, of this state and of the revision `BALAI_BEFORE` (20 commits ago), with the Debian of this day: what Debian
 * changes in a month comes on top. `BALAI_IMAGES=old:new` names two folders of cards that were built already.
 */
export const bench: Bench = {
  name: 'image-delta',
  async run() {
    const missing = missingForImages()
    if (missing.length > 0) throw new Error(`This machine lacks ${missing.join(', ')}.`)
    const folder = mkdtempSync('/var/tmp/balai-bench-delta-')
    try {
      const [before, after] = process.env.BALAI_IMAGES?.split(':') ?? [
        buildBefore(folder, process.env.BALAI_BEFORE ?? 'HEAD~20'),
        build(root, join(folder, 'after')),
      ]
      if (!before || !after) throw new Error('BALAI_IMAGES names two folders, with a colon between them.')
      const [old, fresh] = [cutSlot(before, join(folder, 'before.ext4')), cutSlot(after, join(folder, 'after.ext4'))]
      const blocks = measureBlocks(old, fresh)
      const chunks = measureChunks(folder, old, fresh)
      return {
        bundleMb: round(statSync(findOne(after, '.raucb')).size / mega, 1),
        changedMb: round(blocks.changedBytes / mega, 1),
        blocksMb: round(blocks.fetchedBytes / mega, 1),
        chunksMb: round(chunks / mega, 1),
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** The image of an older state, in a work tree of its own. */
function buildBefore(folder: string, revision: string): string {
  const tree = join(folder, 'tree')
  const git = (...words: string[]) => execFileSync('git', ['-C', root, 'worktree', ...words], { stdio: 'inherit' })
  git('add', '--detach', tree, revision)
  try {
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
    return build(tree, join(folder, 'before'))
  } finally {
    git('remove', '--force', tree)
  }
}

function build(tree: string, out: string): string {
  execFileSync('npm', ['run', 'build'], { cwd: tree, stdio: 'inherit' })
  const words = ['--target', 'pi', '--no-compress', '--out', out]
  execFileSync('bash', [join(tree, 'images', 'build.sh'), ...words], { stdio: 'inherit' })
  return out
}

function findOne(folder: string, end: string): string {
  const name = readdirSync(folder).find((one) => one.endsWith(end))
  if (!name) throw new Error(`There is no ${end} in ${folder}.`)
  return join(folder, name)
}

function cutSlot(folder: string, file: string): string {
  const card = findOne(folder, '.img')
  cutOut(card, partitionOf(card, 2), file)
  return file
}

/** A block is had wherever it lies in the old slot. What is missing comes in the packed pieces that hold it. */
function measureBlocks(before: string, after: string): { changedBytes: number; fetchedBytes: number } {
  const had = new Set<string>()
  for (const piece of readPieces(before)) for (const block of blocksOf(piece)) had.add(block)
  let [changedBytes, fetchedBytes] = [0, 0]
  for (const piece of readPieces(after)) {
    const blocks = blocksOf(piece)
    const changed = blocks.filter((block) => !had.has(block)).length
    changedBytes += changed * blockBytes
    fetchedBytes += blocks.length * indexBytes.block
    if (changed > 0) fetchedBytes += zstdCompressSync(piece).length
  }
  return { changedBytes, fetchedBytes }
}

function* readPieces(file: string): Generator<Buffer> {
  const opened = openSync(file, 'r')
  try {
    for (;;) {
      const piece = Buffer.alloc(packedBytes)
      const bytes = readSync(opened, piece)
      if (bytes === 0) return
      yield piece.subarray(0, bytes)
    }
  } finally {
    closeSync(opened)
  }
}

const blocksOf = (piece: Buffer): string[] =>
  Array.from({ length: piece.length / blockBytes }, (_, index) =>
    createHash('sha256')
      .update(piece.subarray(index * blockBytes, (index + 1) * blockBytes))
      .digest('base64'),
  )

/** The packed chunks that the older one has not, and the index that names all of them. */
function measureChunks(folder: string, before: string, after: string): number {
  const stores = [before, after].map((slot, index) => {
    const store = join(folder, `store-${index}`)
    mkdirSync(store)
    const words = ['make', '--compression=zstd', `--store=${store}`, join(folder, `${index}.caibx`), slot]
    execFileSync('casync', words, { stdio: ['ignore', 'ignore', 'inherit'] })
    return sizesOf(store)
  })
  const [had, wanted] = stores as [Map<string, number>, Map<string, number>]
  const missing = [...wanted].filter(([name]) => !had.has(name))
  return missing.reduce((total, [, bytes]) => total + bytes, wanted.size * indexBytes.chunk)
}

const sizesOf = (store: string): Map<string, number> =>
  new Map(
    readdirSync(store, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => [one.name, statSync(join(one.parentPath, one.name)).size]),
  )
