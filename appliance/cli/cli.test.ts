import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { startBox } from '../../testing/programs.ts'
import { furnish, openTestBox, testVillage } from '../../testing/test-box.ts'
import { exitCode } from '../base/errors.ts'

/* The program itself, as a child process: what it prints and what it ends with. */

const program = join(import.meta.dirname, '..', 'balai.js')
const folder = mkdtempSync(join(tmpdir(), 'balai-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function balai(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' })
  return { status, stdout, stderr }
}

function writeConfig(name: string, lines: readonly string[]): string {
  const file = join(folder, name)
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

/** A configuration for a data folder of its own. */
function configFor(data: string): string {
  mkdirSync(join(folder, data), { recursive: true })
  return writeConfig(`${data}.toml`, [
    `village = "${testVillage}"`,
    'name = "Desa Tamansari"',
    'district = "Licin"',
    'zone = "WIB"',
    `data = "${data}"`,
    '[lan]',
    'host = "127.0.0.1"',
    'http_port = 0',
    'https_port = 0',
  ])
}

const commands = [
  'serve',
  'hub',
  'hub-account',
  'fleet',
  'demo',
  'setup-code',
  'doctor',
  'backup',
  'restore',
  'verify',
  'rebuild',
  'openings',
  'forget',
]

describe('help', () => {
  test('balai --help names every command and every exit code', () => {
    const { status, stdout } = balai('--help')
    expect(status).toBe(exitCode.ok)
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command} +\\S`, 'm'))
    const named = [...stdout.slice(stdout.indexOf('Exit codes')).matchAll(/\b(\d+) [a-z]/g)].map(([, code]) =>
      Number(code),
    )
    expect(named).toEqual(Object.values(exitCode).sort((a, b) => a - b))
  })

  test.each(commands)('balai %s --help says how to call it, within 80 columns', (command) => {
    const { status, stdout } = balai(command, '--help')
    expect(status).toBe(exitCode.ok)
    expect(stdout).toMatch(new RegExp(`^balai ${command} `))
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('balai --version is that of the package', () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'))
    expect(balai('--version').stdout.trim()).toBe(version)
  })
})

test('whoever reads only the first line of what is printed reads no stack', () => {
  // More than a pipe holds.
  const file = join(folder, 'long.log')
  writeFileSync(file, '{"level":30,"time":1,"msg":"a line of many"}\n'.repeat(20_000))
  const script = '"$0" "$1" logs "$2" | head -1; echo "$PIPESTATUS"'
  const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, program, file], { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout.trim().split('\n').at(-1)).toBe('0')
})

describe('wrong words', () => {
  test('an unknown command is named beside those that there are', () => {
    const { status, stderr } = balai('sevre')
    expect(status).toBe(exitCode.usage)
    expect(stderr).toContain('"sevre"')
    for (const command of commands) expect(stderr).toContain(command)
  })

  test('no command at all shows the overview and is an error', () => {
    expect(balai()).toMatchObject({ status: exitCode.usage, stdout: expect.stringContaining('Usage:') })
  })

  test.each(commands)('an unknown option of %s is named', (command) => {
    const { status, stderr } = balai(command, '--colour')
    expect(status).toBe(exitCode.usage)
    expect(stderr).toContain('--colour')
  })
})

describe('broken configuration', () => {
  test('a box names every mistake at once: key, problem, what is allowed', () => {
    const file = writeConfig('broken-box.toml', [
      'village = "35.10.24.2008"',
      'name = ""',
      'zone = "WIS"',
      'data = "data"',
      'colour = "red"',
      '[lan]',
      'http_port = 70000',
      '[mqtt]',
      'url = "http://broker"',
      'ca = "missing.pem"',
    ])
    const { status, stderr } = balai('serve', '--config', file)
    expect(status).toBe(exitCode.config)
    const lines = stderr.trim().split('\n')
    const keys = ['village', 'name', 'zone', 'colour', 'lan.http_port', 'mqtt.url', 'mqtt.ca']
    for (const key of keys) {
      const line = lines.find((one) => one.startsWith(`${file}: ${key}: `))
      expect(line, key).toMatch(/: (is |\/).+; allowed: ./)
    }
    expect(lines).toHaveLength(keys.length)
  })

  test('a box that says half of what its enrolment file would say is told the rest', () => {
    const file = writeConfig('half-box.toml', ['village = "3510242008"', 'data = "data"'])
    const { status, stderr } = balai('serve', '--config', file)
    expect(status).toBe(exitCode.config)
    const lines = stderr.trim().split('\n')
    for (const [at, key] of ['name', 'district', 'zone'].entries())
      expect(lines[at]).toMatch(new RegExp(`half-box.toml: ${key}: is missing; allowed: .*enrolment file`))
    expect(lines).toHaveLength(3)
  })

  test('a hub names every mistake at once', () => {
    const file = writeConfig('broken-hub.toml', [
      'name = "Kabupaten Uji"',
      'zone = "Asia/Banyuwangi"',
      'data = "data"',
      'villages = "missing.csv"',
      '[mqtt]',
      'client_id = ""',
      '[postgres]',
      'pool = 0',
      '[console]',
      'prot = 80',
    ])
    const { status, stderr } = balai('hub', '--config', file)
    expect(status).toBe(exitCode.config)
    const lines = stderr.trim().split('\n')
    const keys = ['zone', 'villages', 'mqtt.url', 'mqtt.client_id', 'postgres.pool', 'console.prot']
    for (const key of keys) {
      expect(
        lines.find((one) => one.startsWith(`${file}: ${key}: `)),
        key,
      ).toMatch(/; allowed: ./)
    }
    expect(lines).toHaveLength(keys.length)
  })

  test('a missing file is named', () => {
    expect(balai('serve', '--config', 'nowhere.toml')).toMatchObject({
      status: exitCode.config,
      stderr: expect.stringContaining('nowhere.toml: cannot be read (ENOENT)'),
    })
  })

  test('an option of the demo that is out of range says what is allowed', () => {
    expect(balai('demo', '--boxes', '218')).toMatchObject({
      status: exitCode.config,
      stderr: expect.stringMatching(/--boxes is "218"; allowed: .*1 to 217/),
    })
  })
})

describe('data folder', () => {
  test.each(['serve', 'verify', 'rebuild'])(
    'a database of a newer program is refused by %s and left as it is',
    (command) => {
      const config = configFor(`newer-${command}`)
      const path = join(folder, `newer-${command}`, 'balai.db')
      const db = new Database(path)
      db.pragma('user_version = 9999')
      db.close()
      const { status, stderr } = balai(command, '--config', config)
      expect(stderr).toMatch(/newer/)
      expect(status).toBe(exitCode.config)
      const after = new Database(path, { readonly: true })
      expect(after.pragma('user_version', { simple: true })).toBe(9999)
      after.close()
    },
  )

  test.each(['verify', 'rebuild'])('%s says so when there is no journal', (command) => {
    const { status, stderr } = balai(command, '--config', configFor(`empty-${command}`))
    expect(status).toBe(exitCode.config)
    expect(stderr).toContain('balai.db')
  })
})

describe('doctor', () => {
  test('without a running box it tells what the machine and the folder tell, and says that the program stands still', () => {
    const { status, stdout } = balai('doctor', '--config', configFor('doctor'))
    expect(status).toBe(exitCode.failed)
    expect(stdout).toMatch(/^Desa Tamansari \(3510242008\)\n/)
    expect(stdout).toMatch(/^\+ Ruang simpan: .*kosong dari/m)
    expect(stdout).toMatch(/^- Kabupaten: tidak diketahui, program tidak berjalan$/m)
    expect(stdout).toMatch(
      /^! Perangkat Balai: program tidak berjalan; .*\n {4}Nyalakan dengan: sudo systemctl start balai/m,
    )
  })

  test('on a machine that is not set up it says so, and checks what is there', () => {
    const { status, stdout } = balai('doctor', '--language', 'en')
    expect(status).toBe(exitCode.failed)
    expect(stdout).toMatch(/^This box is not set up: there is no \/etc\/balai\/balai.toml\n/)
    expect(stdout).toMatch(/^\+ Space: /m)
  })

  test('a box that knows of no village says what it waits for', () => {
    const config = writeConfig('nobody.toml', ['data = "nobody"', '[lan]', 'http_port = 1'])
    const { status, stdout } = balai('doctor', '--config', config)
    expect(status).toBe(exitCode.failed)
    expect(stdout).toMatch(
      /^Perangkat Balai ini belum tahu desanya\n! Pendaftaran: berkas pendaftaran belum ada\n {4}Salin berkas/,
    )
  })

  test('a running box is asked, and tells only those on its own machine', async () => {
    const box = await startBox({ folder: join(folder, 'asked'), village: testVillage })
    const { stdout } = balai('doctor', '--config', box.config)
    await box.stop()
    expect(stdout).toMatch(/^\+ Perangkat Balai: menyala /m)
    expect(stdout).toMatch(/^- Kabupaten: tidak disambungkan/m)
  })
})

describe('setup-code', () => {
  test('it shows the code of a fresh box, none when it was used, and a new one when asked', async () => {
    const config = configFor('setup')
    const box = await openTestBox({ folder: join(folder, 'setup') })
    const code = box.setupCode.read()
    const shown = balai('setup-code', '--config', config)
    expect(shown).toMatchObject({ status: exitCode.ok, stderr: '' })
    expect(shown.stdout.replace(/\s/g, '')).toBe(code)

    await furnish(box)
    expect(balai('setup-code', '--config', config)).toMatchObject({
      status: exitCode.failed,
      stdout: '',
      stderr: expect.stringContaining('--new'),
    })
    const again = balai('setup-code', '--config', config, '--new')
    expect(again.status).toBe(exitCode.ok)
    expect(again.stdout.replace(/\s/g, '')).toBe(box.setupCode.read())
    await box.close()
  })
})

describe('verify and rebuild', () => {
  async function openUsedBox(name: string) {
    const config = configFor(name)
    const box = await openTestBox({ folder: join(folder, name) })
    const { services } = await furnish(box)
    for (let i = 0; i < 5; i++) box.queue.takeTicket({ service: services[0], key: null, actor: 'kiosk:1' })
    await box.close()
    return { config, path: join(folder, name, 'balai.db') }
  }

  test('a whole journal is verified and folds to the same state', async () => {
    const { config } = await openUsedBox('whole')
    expect(balai('verify', '--config', config)).toMatchObject({
      status: exitCode.ok,
      stdout: expect.stringMatching(/^\d+ entries in 1 epochs read, all sound\.$/m),
    })
    const into = join(folder, 'rebuilt.db')
    expect(balai('rebuild', '--config', config, '--into', into)).toMatchObject({
      status: exitCode.ok,
      stdout: expect.stringMatching(/^\d+ entries folded, the state is the same\.$/m),
    })
    expect(balai('rebuild', '--config', config, '--into', into).stderr).toContain('exists already')
  })

  test('a changed entry is named with its place', async () => {
    const { config, path } = await openUsedBox('tampered')
    const db = new Database(path)
    db.prepare(
      `UPDATE entry SET data = json_set(data, '$.number', 7) WHERE type = 'queue.ticket-taken' AND data ->> 'number' = 3`,
    ).run()
    db.close()
    const { status, stdout } = balai('verify', '--config', config)
    expect(status).toBe(exitCode.failed)
    expect(stdout).toMatch(/epoch \S{12}, entry \d+: is not what was written/)
  })

  test('a state table that the journal does not explain is named', async () => {
    const { config, path } = await openUsedBox('strange')
    const db = new Database(path)
    db.prepare(`UPDATE ticket SET state = 'completed' WHERE number = 1`).run()
    db.close()
    const { status, stdout } = balai('rebuild', '--config', config)
    expect(status).toBe(exitCode.failed)
    expect(stdout).toMatch(/^ticket: 1 rows missing after folding, 1 rows extra$/m)
  })
})

test('the program runs without its TypeScript reader being asked for by the caller', () => {
  expect(
    execFileSync(program, ['--version'], { encoding: 'utf8', env: { PATH: join(process.execPath, '..') } }),
  ).toMatch(/^\d/)
})

describe('what shells and man know', () => {
  const complete = (...words: string[]) => {
    const script = `source <(cat); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _balai; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout } = balai('completion', 'bash')
    const done = spawnSync('bash', ['-c', script, 'bash', ...words], { input: stdout, encoding: 'utf8' })
    return done.stdout.split('\n').filter(Boolean)
  }

  test('bash completes commands, actions and options as --help has them', () => {
    expect(complete('balai', 'se')).toEqual(['serve', 'setup-code'])
    expect(complete('balai', 'fleet', 'rec')).toEqual(['recovery'])
    expect(complete('balai', 'hub', 'ro')).toEqual(['role'])
    expect(complete('balai', 'backup', '--t')).toEqual(['--to'])
    expect(complete('balai', 'nothing', '')).toEqual([])
  })

  test('the manual page has every command', () => {
    const { stdout } = balai('completion', 'man')
    const { stdout: overview } = balai('--help')
    const names = [...overview.matchAll(/^ {2}([a-z-]+) +/gm)].map(([, name = '']) => name)
    expect(names.length).toBeGreaterThan(10)
    for (const name of names) expect(stdout).toContain(`.SS ${name.replaceAll('-', '\\-')}\n`)
  })

  test('a word that is nearly a command is said', () => {
    expect(balai('bakcup')).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('Did you mean "balai backup"?'),
    })
    expect(balai('doctor', '--nope').stderr).toContain('balai doctor --help')
    expect(balai('completion', 'zsh')).toMatchObject({ status: 64 })
  })
})
