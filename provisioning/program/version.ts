import { execFileSync } from 'node:child_process'

/**
 * The version of a build: the package's, the commit's time (UTC) and its hash, `0.2.0+202611281641.a1b2c3d`. It names its
 * build and sorts, for dpkg, too (`sort -V`). `.changed` at its end: something that is built was not committed. Without
 * git, as from an archive of the sources, it is the package's alone.
 */
export function buildVersion(root: string, packageVersion: string): string {
  try {
    const git = (...args: string[]) => runGit(root, args)
    const [seconds = '', hash = ''] = git('log', '-1', '--format=%ct %h', '--abbrev=7').split(' ')
    const time = new Date(Number(seconds) * 1_000).toISOString().replaceAll(/[-:T]/g, '').slice(0, 12)
    return `${packageVersion}+${time}.${hash}${git('status', '--porcelain') ? '.changed' : ''}`
  } catch {
    return packageVersion
  }
}

/**
 * Who answers for a package, as `Name <address>`: who builds it, as Debian's own tools are told (DEBFULLNAME, DEBEMAIL), else
 * who has made the commit that is built.
 */
export function maintainerOf(root: string, { DEBFULLNAME, DEBEMAIL }: NodeJS.ProcessEnv): string {
  if (DEBEMAIL) return `${DEBFULLNAME ?? 'Balai'} <${DEBEMAIL}>`
  try {
    return runGit(root, ['log', '-1', '--format=%an <%ae>'])
  } catch {
    return 'Balai <balai@localhost>' // an archive of the sources: dpkg wants something
  }
}

const runGit = (cwd: string, args: readonly string[]): string =>
  execFileSync('git', args, { cwd, encoding: 'utf8', stdio: 'pipe' }).trim()
