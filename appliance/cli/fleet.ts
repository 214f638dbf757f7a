import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Fleet, openFleet } from '../../provisioning/fleet/fleet.ts'
import { issueCertificates, issueEnrolments, reissueEnrolment } from '../../provisioning/fleet/issue.ts'
import { parseOffices } from '../../provisioning/fleet/offices.ts'
import { otherBrokers, writeBroker } from '../../provisioning/fleet/other-brokers.ts'
import { type Delivered, deliverLists } from '../../provisioning/fleet/push-revocations.ts'
import { parseRegister, readRegister, saveRegister } from '../../provisioning/fleet/register.ts'
import { revokeVillage, writeRevocationLists } from '../../provisioning/fleet/revoke.ts'
import { rotateServers } from '../../provisioning/fleet/rotate.ts'
import { mergeCarried, shareWithHub } from '../../provisioning/fleet/sync-hub.ts'
import { systemClock } from '../base/clock.ts'
import { decodeText } from '../base/decode-text.ts'
import { AppError, exitCode } from '../base/errors.ts'
import { askWords } from './ask-words.ts'
import { keepBoxIds } from './box-ids.ts'
import type { Command } from './command.ts'
import { deliverAll } from './fleet-deliver.ts'
import { askAndInit } from './fleet-init.ts'
import { askPassPhrase } from './fleet-pass-phrase.ts'
import { printAgain, printRecovery, printSheets } from './fleet-sheets.ts'
import { showDue, showStatus, showVillage } from './fleet-show.ts'
import { wipeBox } from './fleet-wipe.ts'
import { sayUsage } from './usage.ts'

export const fleet: Command = {
  summary: 'a regency’s certificates, enrolment files, broker configuration',
  help: `balai fleet init FOLDER [--regency NAME] [--zone WIB|WITA|WIT]
           [--broker HOST] [--fallback-brokers HOST,HOST] [--hub HOST]
           [--hubs N] [--broker-port PORT] [--enrol-port PORT]
           [--hub-port PORT] [--https-port PORT] [--broker-folder FOLDER]
balai fleet issue villages.csv [--folder FOLDER] [--days N] [--again]
           [--with-certificate [--pass-phrase-file FILE]]
balai fleet reissue VILLAGE [--folder FOLDER] [--days N]
balai fleet recovery VILLAGE [--words-file FILE] [--folder FOLDER]
balai fleet move OLD NEW villages.csv [--folder FOLDER] [--days N]
balai fleet certificates villages.csv [--folder FOLDER] [--again]
balai fleet status [VILLAGE | WORDS] [--json] [--folder FOLDER]
balai fleet list --due [N] | rotate | share [FILE] [--folder FOLDER]
balai fleet deliver [--dry-run] [--now] [--folder FOLDER]
balai fleet revoke VILLAGE [--box BOX] [--now] [--folder FOLDER]
balai fleet wipe VILLAGE --box BOX [--days N] [--folder FOLDER]
balai fleet broker nats|rabbitmq|rabbitmq-definitions|emqx [--folder FOLDER]

  init          make the regency's authorities, what broker and hubs need,
                and fleet.toml; asks for what is not given
  issue         one enrolment file for each village, in FOLDER/villages, and
                sheets.pdf with a page for each to be taken along; recovery.pdf
                has a page for each village's safe, with the words that open
                its sealed backups and what it has sealed at the regency
  recovery      that page a second time: asks for the words of the first one
  reissue       a new file for a village whose box is replaced, and a page
                that tells its staff how (swap-VILLAGE.pdf); takes back the
                certificates of the box that it had
  move          a file for a village that gets another code, by its row in
                villages.csv: its box goes on with all that was set up, once
                the regency has every entry of the old code
  certificates  a ready certificate, key and balai.toml for each village, in
                FOLDER/boxes, to be copied to /etc/balai by hand
  status        what each village holds: file, certificate, until when; WORDS
                choose by the beginning of a code (a district's) or by names.
                Of one village each certificate, with serial and box key
  list --due N  what ends within N days (default: 60)
  rotate        new certificates for broker and hubs; the old go to FOLDER/old
  share         tell the hub what was made here, and learn what it has signed;
                the other actions do so by themselves. Without hub_config:
                carry FOLDER/register.json to the hub's machine, type there
                sudo balai hub share register.json, and back here
                balai fleet share register.json, with that file
  deliver       bring what was made here to brokers and hubs by ssh and scp:
                lists of what was taken back, certificates, keys; has the broker
                read its lists. fleet.toml names the machines (broker_ssh,
                hub_ssh; root at their hosts otherwise). Tells the hub first,
                as share does
  revoke        take back all that a village was given, or the certificates
                of one box: at the hub at once, at the broker by its lists
  wipe          order a stolen box to erase itself, by the key that no hub
                has (wipe.key): asks twice, and cannot be taken back. The box
                obeys once it reaches the hub, so revoke and reissue come
                afterwards, when balai hub commands VILLAGE says done
  broker        print an example for another broker than Mosquitto

villages.csv is the hub's, with these columns where an office needs them:
address, gateway, dns (fixed address; DHCP without), wifi, wifi_password, apn.
A village that holds a file or a certificate already keeps it.

fleet.toml may name hub_config (the hub's hub.toml, by which this tool reaches
its PostgreSQL), broker_reload and broker_restart (commands, where the broker
runs on this machine: ["systemctl", "restart", "mosquitto"]).

  --regency NAME   name of the regency
  --zone ZONE      WIB, WITA or WIT
  --broker HOST    the broker's host name or address
  --fallback-brokers HOST,HOST
                   brokers that boxes try in turn when the first cannot be
                   reached; same files, same ports
  --hub HOST       the hub's host name or address
  --hubs N         hubs that share the regency (default: 1)
  --broker-port, --enrol-port, --hub-port
                   ports (default: 8883, 8884, 8090)
  --https-port PORT
                   port of the hub for boxes that no MQTT port is open for,
                   best 443; without it there is no such road
  --broker-folder  where the broker will find its files
                   (default: /etc/mosquitto/balai)
  --folder FOLDER  the fleet folder (default: fleet)
  --days N         days in which an enrolment file can be used, or an order to
                   wipe a box is worth something (default: 30)
  --again          new ones also for villages that have one
  --with-certificate
                   for offices without a line on the day: certificates and
                   keys are made here and sealed to a pass phrase, which is
                   asked for, or stands in a file
  --box BOX        the beginning of a serial number or key, as status shows it;
                   for wipe the whole id that balai hub boxes VILLAGE shows
  --json           for programs
  --dry-run        only print the commands
  --now            restart the broker: Mosquitto keeps a session that is open
                   through a reload. All boxes are cut off for some seconds
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: keepBoxIds(args),
      allowPositionals: true,
      options: {
        regency: { type: 'string' },
        zone: { type: 'string' },
        broker: { type: 'string' },
        'fallback-brokers': { type: 'string' },
        hub: { type: 'string' },
        hubs: { type: 'string' },
        'broker-port': { type: 'string' },
        'enrol-port': { type: 'string' },
        'hub-port': { type: 'string' },
        'https-port': { type: 'string' },
        'broker-folder': { type: 'string' },
        folder: { type: 'string', default: 'fleet' },
        days: { type: 'string', default: '30' },
        again: { type: 'boolean', default: false },
        'with-certificate': { type: 'boolean', default: false },
        'pass-phrase-file': { type: 'string' },
        due: { type: 'boolean', default: false },
        now: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        box: { type: 'string' },
        'words-file': { type: 'string' },
      },
    })
    const [action = '', operand, ...rest] = positionals
    const usage = () => sayUsage('fleet', fleet, action)
    const days = Number(values.days)
    const isOfMany = action === 'move' || action === 'status'
    if ((rest.length > 0 && !isOfMany) || !Number.isInteger(days) || days < 1 || days > 365) return usage()
    const { folder, again } = values
    const now = systemClock.wall()
    if (operand === undefined) {
      switch (action) {
        case 'status':
          return await showStatus(await openFleet(folder), now, { words: [], json: values.json })
        case 'deliver':
          return await deliverAll(await openFleet(folder), now, { cut: values.now, dryRun: values['dry-run'] })
        case 'list':
          return values.due ? await showDue(await openFleet(folder), now, 60) : usage()
        case 'rotate':
          return await rotate(await openFleet(folder), now)
        case 'share':
          return await share(await openFleet(folder))
        default:
          return usage()
      }
    }
    const village = operand.replaceAll('.', '')
    switch (action) {
      case 'init':
        await askAndInit(operand, values, now)
        return exitCode.ok
      case 'issue':
      case 'certificates': {
        const opened = await openFleet(folder)
        const offices = parseOffices(readFile(operand), operand)
        const issue = action === 'issue' ? issueEnrolments : issueCertificates
        const passPhrase = values['with-certificate'] ? await askPassPhrase(values['pass-phrase-file']) : null
        const options = { now, days, again, onProgress, ...(passPhrase ? { passPhrase } : {}) }
        const { issued, kept, outdated } = await issue(opened, offices, options)
        const place = action === 'issue' ? 'villages' : 'boxes'
        process.stdout.write(`${issued.length} made in ${folder}/${place}, ${kept.length} kept as they were.\n`)
        if (action === 'certificates' && issued.length > 0) process.stdout.write(copyByHand(issued[0] ?? ''))
        if (action === 'issue') {
          for (const { village, columns } of outdated)
            process.stdout.write(`${village} was kept, and its row says another ${columns.join(', ')}.\n`)
          if (outdated.length > 0)
            process.stdout.write(
              'A box that is enrolled is changed at its /technician. For one that is not: put these rows\ninto a file of their own, and balai fleet issue FILE --again\n',
            )
          await printSheets(opened, [...issued, ...kept])
          await printRecovery(opened, [...issued, ...kept], 'recovery.pdf')
        }
        sayIfAlone(opened)
        return exitCode.ok
      }
      case 'reissue': {
        const opened = await openFleet(folder)
        await reissueEnrolment(opened, village, { now, days })
        await printSheets(opened, [village], `swap-${village}.pdf`)
        process.stdout.write(
          `${folder}/villages/balai-enrol-${village}.json is made, and swap-${village}.pdf, a page for\nthe village's staff. Its box becomes the village's; the certificates of the\nbox before are taken back. ${afterRevoking[deliverLists(opened, { cut: values.now })](opened)}\n`,
        )
        await printRecovery(opened, [village], `recovery-${village}.pdf`)
        sayIfAlone(opened)
        return exitCode.ok
      }
      case 'recovery': {
        const opened = await openFleet(folder)
        const file = values['words-file']
        await printAgain(opened, village, file === undefined ? await askWords() : decodeText(readFile(file)))
        return exitCode.ok
      }
      case 'move': {
        const [to = '', path = ''] = rest
        if (path === '' || rest.length > 2) return usage()
        const opened = await openFleet(folder)
        const code = to.replaceAll('.', '')
        const office = parseOffices(readFile(path), path).find((one) => one.village === code)
        if (!office) throw new AppError('invalid', 'config', `${path} has no village ${to}.`)
        await issueEnrolments(opened, [office], { now, days, again: true, movedFrom: village })
        await printSheets(opened, [code], `move-${code}.pdf`)
        process.stdout.write(
          `${folder}/villages/balai-enrol-${code}.json is made, for the box of ${village}. When it has arrived at the\nconsole as ${code}: balai fleet revoke ${village}\n`,
        )
        sayIfAlone(opened)
        return exitCode.ok
      }
      case 'broker': {
        const broker = otherBrokers.find((one) => one === operand)
        if (!broker) return usage()
        process.stdout.write(writeBroker(broker, await openFleet(folder), readRegister(folder)))
        return exitCode.ok
      }
      case 'list': {
        const within = Number(operand)
        return values.due && Number.isInteger(within) && within > 0
          ? await showDue(await openFleet(folder), now, within)
          : usage()
      }
      case 'revoke': {
        const opened = await openFleet(folder)
        const count = await revokeVillage(opened, village, now, values.box)
        process.stdout.write(
          `${operand}: ${count} taken back. ${afterRevoking[deliverLists(opened, { cut: values.now })](opened)}\n`,
        )
        sayIfAlone(opened)
        return exitCode.ok
      }
      case 'share':
        return await takeBack(await openFleet(folder), operand)
      case 'wipe':
        return await wipeBox(await openFleet(folder), { village, box: values.box, days, now })
      case 'status':
        return /^\d{10}$/.test(village) && rest.length === 0 && !values.json
          ? await showVillage(await openFleet(folder), village, now)
          : await showStatus(await openFleet(folder), now, { words: [operand, ...rest], json: values.json })
      default:
        return usage()
    }
  },
}

const afterRevoking: Record<Delivered, (fleet: Fleet) => string> = {
  'not-here': ({ folder }) =>
    `Bring ${folder}/broker/*.crl to the broker (balai fleet deliver) and restart it:\na reload alone leaves a session open that is connected now.`,
  copied: () =>
    'The broker’s lists are in place; restart it:\na reload alone leaves a session open that is connected now.',
  reloaded: () =>
    'The broker has read its lists;\na session that is open now stays open until it is restarted (--now).',
  restarted: () => 'The broker was restarted: every session was cut, and this village does not come back.',
}

/** The hub’s own list counts at once only where this tool reaches it. */
function sayIfAlone({ settings, folder }: Fleet): void {
  if (settings.hub_config !== undefined) return
  process.stdout.write(
    `The hub was not told: ${folder}/fleet.toml names no hub_config. Carry ${folder}/register.json to the hub's\nmachine, and type there: sudo balai hub share register.json. Or name hub_config, then: balai fleet share\n`,
  )
}

async function share(fleet: Fleet): Promise<number> {
  if (!(await shareWithHub(fleet))) {
    sayIfAlone(fleet)
    return exitCode.failed
  }
  await writeRevocationLists(fleet, readRegister(fleet.folder), systemClock.wall())
  process.stdout.write('Hub and fleet folder know the same now.\n')
  return exitCode.ok
}

/** A register that was at the hub's machine. */
async function takeBack(fleet: Fleet, file: string): Promise<number> {
  const register = readRegister(fleet.folder)
  const found = mergeCarried(register, parseRegister(decodeText(readFile(file)), file))
  saveRegister(fleet.folder, register)
  await writeRevocationLists(fleet, register, systemClock.wall())
  process.stdout.write(`${found} certificates that the hub has signed are known here now.\n`)
  return exitCode.ok
}

async function rotate(fleet: Fleet, now: number): Promise<number> {
  const files = await rotateServers(fleet, now)
  process.stdout.write(
    `${files.map((file) => `${fleet.folder}/${file}\n`).join('')}are new. Copy the folder broker to the broker's machine and restart it; on a hub's\ntype: sudo balai hub init FOLDER --renew. Both old and new hold until then.\n`,
  )
  return exitCode.ok
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new AppError('invalid', 'config', `${path}: cannot be read (${code})`)
  }
}

function onProgress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of}${done === of ? '\n' : ''}`)
}

/** Who copies files by hand as root leaves them to root, and the service cannot read them. */
const copyByHand = (
  village: string,
): string => `On each box, with the folder of its village (here ${village}) from a stick:
  sudo install -o root -g balai -m 0640 ${village}/* /etc/balai/
  sudo systemctl restart balai
At the hub, where a village had an enrolment file or another box before:
  sudo balai hub boxes ${village}
  sudo balai hub owner ${village} BOX
`
