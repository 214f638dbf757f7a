import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { AppError } from '../base/errors.ts'
import { findAddress } from './find-address.ts'
import { type Answer, type Attribute, encodeRequest, type Operation, operations, parseAnswer } from './ipp-message.ts'
import type { PrinterRules } from './printer-places.ts'

const usualPort = 631
/** Where printers of IPP Everywhere are (PWG 5100.14). */
const usualPath = '/ipp/print'
/** Long lists of media and formats are some 20 KB. */
const mostAnswerBytes = 512_000

/** How long a question and a document may take, ms. */
export type IppPatience = { answerMs: number; documentMs: number }

export type IppTarget = { secure: boolean; host: string; port: number; path: string; uri: string }

/** Something else than an answer came. `state`: what that means. */
export class NoAnswer extends Error {
  readonly state: 'no-connection' | 'no-printer' | 'no-permission' | 'no-queue' | 'refused'
  constructor(state: NoAnswer['state'], message: string) {
    super(message)
    this.state = state
  }
}

/**
 * Reads `ipp://192.168.1.60`, `ipps://printer.local:443/ipp/print`, `ipp://192.168.1.2/printers/kantor`. Throws
 * `print.document-target` for what cannot be one in this office.
 */
export function parseIppTarget(target: string, rules: Pick<PrinterRules, 'mayReachService'>): IppTarget {
  const [, scheme = '', name, port, path] =
    /^(ipps?):\/\/([\w.-]+|\[[\da-f:]+\])(?::(\d{1,5}))?(\/[\w./~-]*)?$/i.exec(target) ?? []
  const host = name?.replace(/^\[|\]$/g, '')
  const number = Number(port ?? usualPort)
  if (!name || !host || number === 0 || number > 65_535 || (isIP(host) && !rules.mayReachService(host, number)))
    throw new AppError(
      'invalid',
      'print.document-target',
      `A printer of documents is ipp://host/path, not ${target}.`,
      {
        field: 'documents',
      },
    )
  const there = path && path !== '/' ? path : usualPath
  const secure = scheme.toLowerCase() === 'ipps'
  return {
    ...{ secure, host, port: number, path: there },
    uri: `${secure ? 'ipps' : 'ipp'}://${name}${port ? `:${port}` : ''}${there}`,
  }
}

/**
 * A printer that takes PDF by IPP: of its own, or a queue of CUPS. Each question is a connection of its own. By `ipps` it
 * is encrypted; who the printer is, its certificate does not say, since printers sign theirs themselves.
 */
export function openIppPrinter(target: IppTarget, patience: IppPatience, rules: Pick<PrinterRules, 'mayReachService'>) {
  const leaving = new AbortController()

  async function ask(operation: Operation, more: readonly Attribute[], job: readonly Attribute[], document?: Buffer) {
    const mayReach = (address: string) => rules.mayReachService(address, target.port)
    const address = await findAddress(target.host, mayReach, patience.answerMs)
    if (address === null) throw new NoAnswer('no-connection', 'Its name leads nowhere.')
    if (!mayReach(address)) throw new NoAnswer('refused', 'It is not in this office.')
    const head = encodeRequest(operation, target.uri, more, job)
    return post(
      address,
      document ? Buffer.concat([head, document]) : head,
      document ? patience.documentMs : patience.answerMs,
    )
  }

  function post(address: string, body: Buffer, withinMs: number): Promise<Answer> {
    const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(withinMs)])
    return new Promise((resolve, reject) => {
      const fail = (error: Error) =>
        reject(error instanceof NoAnswer ? error : new NoAnswer('no-connection', error.message))
      const asking = (target.secure ? requestHttps : requestHttp)(
        {
          ...{ host: address, port: target.port, path: target.path, method: 'POST', agent: false, signal },
          ...(target.secure ? { rejectUnauthorized: false } : {}),
          headers: {
            host: `${target.host}:${target.port}`,
            'content-type': 'application/ipp',
            'content-length': body.length,
          },
        },
        (response) => {
          const { statusCode = 0 } = response
          if (statusCode !== 200) {
            response.destroy()
            return fail(new NoAnswer(meaningOf(statusCode), `It answers HTTP ${statusCode}.`))
          }
          const chunks: Buffer[] = []
          let length = 0
          response.on('error', fail)
          response.on('data', (chunk: Buffer) => {
            length += chunk.length
            if (length > mostAnswerBytes) response.destroy(new NoAnswer('no-printer', 'It answers without end.'))
            chunks.push(chunk)
          })
          response.on('end', () => {
            try {
              resolve(parseAnswer(Buffer.concat(chunks)))
            } catch (error) {
              fail(new NoAnswer('no-printer', String(error)))
            }
          })
        },
      )
      asking.on('error', (error: NodeJS.ErrnoException) =>
        // It speaks, and no HTTP.
        fail(error.code?.startsWith('HPE_') ? new NoAnswer('no-printer', error.message) : error),
      )
      asking.end(body)
    })
  }

  return {
    /** How it is, and what it can. Throws `NoAnswer`. */
    look: (): Promise<Answer> => ask(operations.getPrinter, [['requested-attributes', 'keyword', ...asked]], []),

    /** Hands it a PDF. Nobody is named in it: its queue is seen by everybody. Throws `NoAnswer`. */
    send: (pdf: Buffer, job: readonly Attribute[]): Promise<Answer> =>
      ask(
        operations.printJob,
        [
          ['requesting-user-name', 'name', 'Balai'],
          ['job-name', 'name', 'Balai'],
          ['document-format', 'mime', 'application/pdf'],
        ],
        job,
        pdf,
      ),

    /** How a job is. Throws `NoAnswer`. */
    lookAtJob: (job: number): Promise<Answer> =>
      ask(
        operations.getJob,
        [
          ['job-id', 'integer', job],
          ['requesting-user-name', 'name', 'Balai'],
          ['requested-attributes', 'keyword', 'job-state'],
        ],
        [],
      ),

    /** Ends what is on. */
    leave: () => leaving.abort(),
  }
}

const asked = [
  ...['printer-state', 'printer-state-reasons', 'printer-is-accepting-jobs', 'printer-make-and-model'],
  ...['document-format-supported', 'media-supported', 'print-scaling-supported', 'sides-supported'],
]

function meaningOf(httpStatus: number): NoAnswer['state'] {
  if (httpStatus === 401 || httpStatus === 403) return 'no-permission'
  return httpStatus === 404 ? 'no-queue' : 'no-printer'
}
