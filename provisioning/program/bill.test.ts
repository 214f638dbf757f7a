import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeBill } from './bill.ts'

const root = join(import.meta.dirname, '..', '..')

test('the bill of materials names every package that is not for development only, at the version of the lock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-bill-'))
  try {
    const bill = JSON.parse(readFileSync(writeBill(root, folder), 'utf8'))
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'balai' } } })
    const named = new Set(bill.components.map(({ name, version }: Record<string, string>) => `${name} ${version}`))
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string; dev?: boolean; devOptional?: boolean; peer?: boolean }>
    }
    const shipped = Object.entries(packages)
      .filter(([path, { dev, devOptional, peer }]) => path !== '' && !dev && !devOptional && !peer)
      .map(
        ([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)} ${version}`,
      )
    expect(shipped.length).toBeGreaterThan(100)
    expect(shipped.filter((one) => !named.has(one))).toEqual([])
    expect([...named].some((one) => /^vitest |^@biomejs/.test(String(one)))).toBe(false)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
