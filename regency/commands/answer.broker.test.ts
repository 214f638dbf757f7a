import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { makeRecoveryKey, recipientOf } from '../../appliance/backup/recovery.ts'
import { runHubAction } from '../../appliance/cli/hub-actions.ts'
import { type CommandOptions, runCommandAction } from '../../appliance/cli/hub-commands.ts'
import { openSealed } from '../../appliance/cli/hub-open.ts'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { type HubAndBoxes, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { furnish } from '../../testing/test-box.ts'

/* A proposal on its way: from the desk to the regency, which alone reads it, and its answer back to the record. */

const village = '3510012001'
const regencyKey = makeRecoveryKey()
const by = { account: null, actor: 'command line (rina)' }
let place: HubAndBoxes
beforeAll(async () => {
  place = await openHubAndBoxes('answer', [village])
}, 30_000)
afterEach(() => place.closeOpened())
afterAll(() => place.close())

test('a death goes sealed to the regency, is answered there, and the answer stands at the record and at the desks', async () => {
  const logs: string[] = []
  const toLogs = (line: string) => void logs.push(line)
  const hub = await place.openReadyHub([], pino({ level: 'trace' }, { write: toLogs }))
  const heard = await place.hearAll()

  const box = await place.openOffice(village, { regencyRecipient: await recipientOf(regencyKey), onLog: toLogs })
  const clerk = (await furnish(box)).clerks[0] ?? ''
  const person = { name: 'SITI AMINAH', nik: '3510014107800001', sex: 2, birthDate: '1980-07-01' }
  await bringResidents(box, residentSheet([person]), { actor: 'secretary-000' })
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
  await box.proposals.make({
    ...{ kind: 'died', resident, on: '2026-11-20', fields: {}, place: 'RSUD Blambangan', other: '', instead: null },
    ...{ note: 'Dilaporkan anaknya', papers: ['death-letter'], actor: clerk, key: null },
  })
  const { proposal } = box.proposals.view(null).proposals[0] ?? { proposal: '' }

  const list = () => runHubAction('proposals', [village], hub.config, { drop: 0, by })
  await until(async () => (await list()).includes(proposal))
  expect(await list()).toMatch(/^3510012001 {2}\S{12} {2}died on 2026-11-20, made /)
  const opened: string[] = []
  const opening = { village, key: regencyKey, type: 'proposals.made', by }
  expect(await openSealed(hub.config, opening, (line) => opened.push(line))).toEqual({ opened: 1, closed: 0 })
  expect(opened.join()).toContain('3510014107800001')
  expect(opened.join()).toContain(proposal)

  const answer = (more: Partial<CommandOptions>) =>
    runCommandAction('command', ['answer'], hub.config, {
      ...{ to: village, text: undefined, from: undefined, setting: undefined, value: undefined, expires: undefined },
      ...{ order: undefined, proposal, answer: 'papers', by, ...more },
    })
  await expect(answer({ text: 'NIK 3510014107800001 tidak cocok' })).rejects.toThrow('it goes in clear')
  await expect(answer({ answer: 'maybe' })).rejects.toThrow('--answer is missing: accepted, refused, papers')
  await expect(answer({ to: 'all' })).rejects.toThrow('all')
  expect(await answer({ text: 'Surat kematian tidak terbaca.' })).toContain('answer is sent to 1 village.')
  await hub.lookAtCommands()
  await until(() => box.proposals.view(null).proposals[0]?.state === 'papers')
  expect(box.proposals.of(resident, clerk)).toMatchObject([{ text: 'Surat kematian tidak terbaca.' }])
  expect(box.commands.messages()).toMatchObject([
    {
      from: 'Dukcapil',
      text: 'Usulan Kematian (20 November 2026): berkasnya kurang. Ajukan lagi dengan berkas yang lengkap. Surat kematian tidak terbaca.',
    },
  ])
  await until(async () => (await list()) === 'Nothing waits for an answer.\n')

  // One that nobody here has made is said to the regency, and to nobody else.
  await answer({ proposal: 'x'.repeat(12), answer: 'accepted' })
  await hub.lookAtCommands()
  const listed = () => runCommandAction('commands', [village], hub.config, { ...options, by })
  await until(async () => (await listed()).includes('unknown-proposal'))
  expect(box.commands.messages()).toHaveLength(1)

  expect(heard.length).toBeGreaterThan(0)
  for (const planted of ['SITI', '3510014107800001', 'Blambangan', 'anaknya'])
    expect([...heard, ...logs].join('\n')).not.toContain(planted)
})

const options = {
  ...{ to: 'all', text: undefined, from: undefined, setting: undefined, value: undefined, expires: undefined },
  ...{ order: undefined, proposal: undefined, answer: undefined },
}
