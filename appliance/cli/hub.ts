import { readFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { readHubConfig } from '../../regency/base/config.ts'
import { readVillageCode } from '../../regency/base/places.ts'
import { openHub } from '../../regency/hub.ts'
import { AppError, exitCode } from '../base/errors.ts'
import { createNotifyReady } from '../base/notify-ready.ts'
import { readTextFile } from '../base/text-file.ts'
import { startWatchdog } from '../base/watchdog.ts'
import { keepBoxIds } from './box-ids.ts'
import { asOwner, becomeOwner, type Command, commandLine, configHelp, configPath } from './command.ts'
import { endOnFailure } from './end-on-failure.ts'
import { hubActions, runHubAction } from './hub-actions.ts'
import { commandActions, runCommandAction } from './hub-commands.ts'
import { datasetActions, runDatasetAction } from './hub-datasets.ts'
import { readBrought, runImport, writeReceipts } from './hub-import.ts'
import { keepingActions, runKeepingAction } from './hub-keeping.ts'
import { openSealed, readSealingKey } from './hub-open.ts'
import { openBundles, runRelease } from './hub-release.ts'
import { readOneVillage, readResidentsFile, runResidents } from './hub-residents.ts'
import { untilStopped } from './stop.ts'

export const hub: Command = {
  summary: 'run the regency’s side',
  help: `balai hub [--config hub.toml]
balai hub init [FOLDER] [--database URL] [--password-file FILE]
               [--villages FILE] [--districts CODES] [--name NAME]
               [--zone WIB|WITA|WIT] [--broker URL] [--hub HOST] [--port N]
               [--behind-proxy] [--untried] [--renew] [--data FOLDER]
balai hub doctor [--json] [--language id]
balai hub share REGISTER
balai hub key | boxes VILLAGE | owner VILLAGE BOX | aside | replay VILLAGE
balai hub proposals [VILLAGE]
balai hub cases [AGENCY [photos]]
balai hub agency CODE [notify|off]
balai hub villages [--drop N]
balai hub open VILLAGE --key FILE [--type TYPE]
balai hub publish DATASET [FILE] [--to all|CODES] [--stage 1|10|all]
                  [--note TEXT] [--yes]
balai hub publish residents FILE --to VILLAGE [--as-of DAY]
                  [--mark TEXT] [--yes]
balai hub take-back DATASET | datasets
balai hub release [FILE ...] [--to all|CODES] [--stage 1|10|all] [--now]
                  [--note TEXT] [--yes] | --go-on | --stop
balai hub command TYPE [ADDRESS ...] [--to all|CODES] [--expires 7d]
balai hub commands [VILLAGE]
balai hub backup [--folder FOLDER] [--keep N]
balai hub retention [--dry-run] | role NAME

Takes what the boxes of a regency send through its MQTT broker, commits it to
PostgreSQL, and answers. Serves the console. Brings the database's schema up to
date at the start; refuses one that is newer. Several hubs may share a database
when each has its own client_id and its own districts.

  init            set this machine up: FOLDER is the fleet folder, or its hub-1,
                  as it was copied here. Asks for what is not given, tries
                  database and broker, puts every file to its place with owner
                  and mode. Never overwrites a hub.toml or a hub-key.pem
  doctor          look at database, broker, certificates, keys, clock, disk,
                  backup, villages.csv, districts, accounts, console and the
                  hub itself, and say what to do. "+" is good, "!" needs
                  somebody, "-" is not there. Exit code 1 when anything needs
                  somebody
  share REGISTER  take what the fleet tool has made and taken back, from its
                  register.json that was carried here, and write into that file
                  what this hub has signed. Without it no box is enrolled, where
                  the fleet tool does not reach this database
  key             print the key that goes into balai.toml as hub_key
  boxes VILLAGE   list the boxes that said hello for a village
  owner VILLAGE BOX   make a box the village's and enrol its key: after a swap,
                  a theft, or when two copies live
  aside           list the entries that could not be folded, with the reason
  replay VILLAGE  fold a village again, after an update of this program
  proposals       list what villages have proposed of their people and nobody
                  has answered, the oldest first; who and what says
                  balai hub open VILLAGE --key FILE --type proposals.made
  cases [AGENCY]  what went to agencies and is not over: a line of JSON each,
                  with what only the agency opens: balai agency open. photos:
                  with the photos of papers that have come
  agency CODE     print a new token for an agency (its code in the dataset
                  agencies), for the page /agency and its own programs; the one
                  before ends. notify: it may tell villages of births and deaths
                  as well; off: it has none any more
  villages        bring the code table to what villages.csv says now
  open VILLAGE    print what the village has sealed to the regency, a line of
                  JSON for each; --key: sealing.key of the fleet folder, which
                  the hub itself never has. --type: one kind of entry only
  publish DATASET FILE   check a table (CSV or JSON), show what it changes, and
                  send it to the boxes: services, holidays, hours, agencies,
                  indicators, flows as Node-RED exports them, letter-templates
                  as a box saves one, or a list of them. Without FILE the newest
                  version goes to more villages
  publish residents FILE   check a list of people as a village's page does
                  (OpenSID, SIAK, BIP, lists of aid, a list with headings; .xls,
                  .xlsx, .ods, CSV), seal it to the box of the village, and send
                  it. Nobody at hub or broker can open it afterwards. At the box
                  it counts at once where every row is clear, and waits for
                  secretary or head otherwise
  take-back DATASET   send the version before the newest once more
  datasets        what was published, and how many boxes have it
  release FILE    send a system or program (.raucb) to boxes of an image: at
                  night, or in office hours with --now. To one village first,
                  then by itself to ten and all, each when the boxes have run it
                  for a day; the first with trouble stops it, with an alarm.
                  --go-on: to all (or --stage) after all; --stop: to nobody.
                  Without FILE: how the newest one goes
  command TYPE    ask something of the boxes. message --text T --from WHO: shown
                  at the desk until it is read; announce: say again how it goes;
                  check: look at the machine; backup; restart; set --setting S
                  --value N: earlyMinutes, normalsPerPriority, phonePercent;
                  move-broker mqtts://HOST:PORT ...: each box tries the first,
                  and keeps it when this regency's hub answers there; the old
                  one stays a fall-back. hub.toml names it in other_urls before;
                  answer --to VILLAGE --proposal ID --answer accepted|refused|
                  papers [--text T]: what became of a proposal (T goes in
                  clear: nobody's name or number);
                  case-state --to VILLAGE --case ID --state received|papers|
                  working|done|refused [--text T]: what an agency says of an
                  application;
                  wipe --order FILE: what balai fleet wipe has made
  commands        what was asked, and what became of it
  import FILE|FOLDER ...   take what boxes wrote onto sticks (balai export, or
                  the page of a technician), sealed to this hub, and write a
                  receipt beside each, to be brought back to the office. The
                  same file may come again. Exit code 1 where not all was taken
  backup          dump the database, restore the dump into a second one, compute
                  the chain of every village there; then touch backup_stamp.
                  Exit code 1, and no touch, where anything of that fails
  retention       remove what is older than [retention] of hub.toml says: days
                  of boxes' health, alarms that are over, meters, commands.
                  --dry-run: only say how many rows and MB. What the boxes sent
                  is never removed
  role NAME       let a role of PostgreSQL read what reports and dashboards
                  need: no names, notes, keys, tokens or private parts. Makes
                  the role where the hub's PostgreSQL user may

${configHelp('hub.toml')}
  --to all|CODES  the whole regency (default), or codes of districts or villages
                  with commas between
  --stage 1|10|all   how many of these villages get it now (default all; of a
                  release 1)
  --as-of DAY     of when a list of people is, 2026-11-30 (default today)
  --mark TEXT     the programme of a list of aid that does not name it
  --note TEXT     what is new, for the list of what was published
  --yes           publish without asking
  --expires 7d    how long a command waits for a box that is away: 1h to 30d
  --folder FOLDER where dumps are kept (default: backups in the data folder)
  --keep N        how many of them (default: 7)
  --drop N        so many villages of the table are missing in villages.csv and
                  shall end; without it such a file is refused

Of init:
  --database URL  PostgreSQL, without its password. On this machine
                  postgres://balai@localhost/balai?host=/run/postgresql
                  (by its socket, which needs none)
  --password-file FILE   its password; for a host that needs none: /dev/null
  --villages FILE villages.csv, the regency's code table
  --districts CODES   this hub's districts, with commas between, where several
                  hubs share the regency
  --name, --zone, --broker, --hub, --port   where they are not those of FOLDER
  --behind-proxy  the console speaks HTTP on this machine only; a proxy here
                  ends TLS for it
  --untried       write although the database does not answer
  --renew         hub.toml is there: take certificates and authorities anew from
                  FOLDER (after balai fleet rotate), and a hub-key.pem that is
                  missing
  --data FOLDER   default: /var/lib/balai

Secrets: BALAI_POSTGRES_URL, BALAI_MQTT_PASSWORD, or files named in hub.toml.
Console accounts: balai hub-account --help
`,
  async run(args) {
    if (args[0] === 'doctor') return await (await import('./hub-doctor.ts')).runHubDoctor(args.slice(1))
    if (args[0] === 'share') return await (await import('./hub-share.ts')).runHubShare(args.slice(1))
    if (args[0] === 'init') return await (await import('./hub-init.ts')).runHubInit(args.slice(1))
    const { values, positionals } = parseArgs({
      args: keepBoxIds(args),
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        drop: { type: 'string', default: '0' },
        to: { type: 'string', default: 'all' },
        stage: { type: 'string' },
        note: { type: 'string', default: '' },
        yes: { type: 'boolean', default: false },
        now: { type: 'boolean', default: false },
        'go-on': { type: 'boolean', default: false },
        stop: { type: 'boolean', default: false },
        text: { type: 'string' },
        from: { type: 'string' },
        setting: { type: 'string' },
        value: { type: 'string' },
        proposal: { type: 'string' },
        case: { type: 'string' },
        state: { type: 'string' },
        answer: { type: 'string' },
        expires: { type: 'string' },
        key: { type: 'string' },
        type: { type: 'string' },
        order: { type: 'string' },
        'as-of': { type: 'string' },
        mark: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        folder: { type: 'string' },
        keep: { type: 'string', default: '7' },
      },
    })
    const [word, ...rest] = positionals
    const action = hubActions.find((known) => known === word)
    const datasetAction = datasetActions.find((known) => known === word)
    const commandAction = commandActions.find((known) => known === word)
    const keepingAction = keepingActions.find((known) => known === word)
    const known = [
      ...[...hubActions, ...datasetActions, ...commandActions, ...keepingActions],
      ...['init', 'doctor', 'share', 'open', 'release', 'import'],
    ]
    if (word !== undefined && !known.some((one) => one === word)) {
      process.stderr.write(`balai hub: there is no "${word}". There are: ${known.join(', ')}\n`)
      return exitCode.usage
    }
    const drop = Number(values.drop)
    if (!Number.isInteger(drop) || drop < 0)
      throw new AppError('invalid', 'config', `--drop is "${values.drop}"; allowed: how many villages shall end`)
    const config = readHubConfig(configPath('hub.toml', values.config))
    const by = commandLine()
    // As the one who types it: the file may be readable for nobody else.
    const brought = word === 'import' ? readBrought(rest) : null
    const order = commandAction && values.order !== undefined ? readTextFile(values.order) : undefined
    const people =
      datasetAction === 'publish' && rest[0] === 'residents'
        ? await readPeopleToSend(rest[1], {
            to: values.to,
            asOf: values['as-of'],
            mark: values.mark,
            zone: config.zone,
          })
        : null
    const bytes = datasetAction === 'publish' && rest[1] !== undefined && !people ? readFileSync(rest[1]) : undefined
    const bundles = word === 'release' ? await openBundles(rest) : []
    const opening = word === 'open' ? { village: readVillageCode(rest[0]), key: readSealingKey(values.key) } : null
    if (brought) {
      const say = (line: string) => void process.stdout.write(line)
      const { whole, receipts } = await asOwner(config.data, () => runImport(brought, config, { by, say }))
      writeReceipts(receipts, say)
      return whole ? exitCode.ok : exitCode.failed
    }
    becomeOwner(config.data)
    if (opening) {
      const { opened, closed } = await openSealed(config, { ...opening, type: values.type, by }, (line) =>
        process.stdout.write(line),
      )
      process.stderr.write(`${opened} opened${closed === 0 ? '' : `, ${closed} are not sealed to this key`}.\n`)
      return exitCode.ok
    }
    if (action) {
      process.stdout.write(await runHubAction(action, rest, config, { drop, by }))
      return exitCode.ok
    }
    if (keepingAction) {
      const { 'dry-run': dryRun, folder, keep } = values
      process.stdout.write(await runKeepingAction(keepingAction, rest, config, { dryRun, folder, keep, by }))
      return exitCode.ok
    }
    if (people) {
      process.stdout.write(await runResidents(people.file, config, { village: people.village, yes: values.yes, by }))
      return exitCode.ok
    }
    if (datasetAction) {
      process.stdout.write(
        await runDatasetAction(datasetAction, rest, config, { ...values, stage: values.stage ?? 'all', bytes, by }),
      )
      return exitCode.ok
    }
    if (word === 'release') {
      const { to, stage, note, now, yes, stop } = values
      const onProgress = (line: string) => process.stderr.isTTY && process.stderr.write(`\r${line} `)
      const options = { to, stage, note, now, yes, stop, goOn: values['go-on'], by, onProgress }
      process.stdout.write(await runRelease(bundles, config, options))
      return exitCode.ok
    }
    if (commandAction) {
      const { text, from, setting, value, expires, proposal, answer, state } = values
      const options = {
        to: values.to,
        text,
        from,
        setting,
        value,
        expires,
        proposal,
        answer,
        state,
        case: values.case,
        order,
        by,
      }
      process.stdout.write(await runCommandAction(commandAction, rest, config, options))
      return exitCode.ok
    }
    const log = pino({ level: config.log })
    endOnFailure(log)
    const notifyReady = createNotifyReady((error) =>
      log.warn({ err: error }, 'systemd was not told that the console answers'),
    )
    const stopped = untilStopped()
    const givenUp = new AbortController()
    void stopped.then(() => givenUp.abort())
    const running = await openHub(config, { log, drop, waitUntil: givenUp.signal }).catch((error) => {
      if (!givenUp.signal.aborted) throw error
    })
    if (running) notifyReady()
    flushCompileCache() // as in serve.ts
    const watchdog = startWatchdog({ onFailure: (error) => log.error({ err: error }, 'the watchdog failed') })
    await stopped
    watchdog.stop()
    await running?.close()
    return exitCode.ok
  },
}

type PeopleToSend = { to: string; asOf: string | undefined; mark: string | undefined; zone: string }

async function readPeopleToSend(path: string | undefined, { to, ...told }: PeopleToSend) {
  const village = readOneVillage(to)
  if (path === undefined)
    throw new AppError(
      'invalid',
      'hub.residents-file',
      'Name the file: balai hub publish residents FILE --to 35.10.24.2008',
    )
  return { village, file: await readResidentsFile(path, { village, ...told }) }
}
