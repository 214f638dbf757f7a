import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildVersion } from '../provisioning/program/version.ts'

/**
 * Builds program and packages for a test, once for a state of the sources; answers the version. Without the first half of
 * `npm run build`, which empties the pages that other tests show.
 */
export function buildProgram(root: string): string {
  const { version: packageVersion } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string
  }
  const version = buildVersion(root, packageVersion)
  const stamp = join(root, 'dist', 'built')
  const newest = Math.max(
    ...['appliance', 'regency', 'provisioning', 'dist/pages'].map((folder) => newestIn(join(root, folder))),
  )
  const state = `${version} ${newest}`
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return version
  const build = join(root, 'provisioning', 'program', 'build.ts')
  execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', build], { stdio: 'inherit' })
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(stamp, state)
  return version
}

const newestIn = (folder: string): number =>
  Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile() && !one.name.includes('.test.'))
      .map((one) => statSync(join(one.parentPath, one.name)).mtimeMs),
  )
