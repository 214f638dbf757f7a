import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Component = { 'bom-ref': string; name: string; version: string; properties?: { name: string }[] }
type Bill = {
  metadata: { component: { name: string } }
  components: Component[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

/**
 * Writes `balai.cdx.json` into `dist`: every package that a box or hub runs on, with version, licence and hash, as
 * CycloneDX 1.5. npm makes it out of the lock file; nothing is asked of the network. Answers its path.
 */
export function writeBill(root: string, dist: string): string {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only']
  const bill = JSON.parse(execFileSync('npm', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }).toString()) as Bill
  // npm takes the folder's name where package.json has none.
  bill.metadata.component.name = 'balai'
  // Not npm's own --omit dev: it also leaves out what both a program's and a developer's package need.
  // Of a version that stands there twice, once for development and once not, npm names the one for development.
  const shipped = readShipped(root)
  const isLeft = (component: Component) =>
    isForDevelopment(component) && !shipped.has(`${component.name} ${component.version}`)
  const left = new Set(bill.components.filter(isLeft).map((component) => component['bom-ref']))
  bill.components = bill.components.filter((component) => !left.has(component['bom-ref']))
  bill.dependencies = bill.dependencies
    .filter(({ ref }) => !left.has(ref))
    .map((one) => ({ ...one, dependsOn: one.dependsOn.filter((ref) => !left.has(ref)) }))
  const path = join(dist, 'balai.cdx.json')
  writeFileSync(path, `${JSON.stringify(bill, null, 1)}\n`)
  return path
}

/** Names and versions of the lock file that are not for development. */
function readShipped(root: string): Set<string> {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; dev?: boolean; devOptional?: boolean }>
  }
  return new Set(
    Object.entries(lock.packages)
      .filter(([, { dev, devOptional }]) => !dev && !devOptional)
      .map(([path, { version }]) => `${path.split('node_modules/').at(-1)} ${version}`),
  )
}

const isForDevelopment = ({ properties = [] }: Component): boolean =>
  properties.some(({ name }) => name === 'cdx:npm:package:development')
