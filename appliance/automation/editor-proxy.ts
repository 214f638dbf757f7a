import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../base/errors.ts'
import { type CallerKind, personOf } from '../base/web/callers.ts'
import { type App, isHttps } from '../base/web/server.ts'
import { upgradeOf } from '../base/web/upgrade.ts'
import type { EditorAccess } from './editor-access.ts'
import { editorHeader, editorPass } from './editor-pass.ts'
import { assertFlowSize } from './flow-file.ts'

type Parts = {
  access: EditorAccess
  secret: string
  /** Node-RED's Unix socket; null: there is none on this box. */
  socketPath: () => string | null
  mayStill: (request: FastifyRequest, mayCall: readonly CallerKind[]) => boolean
}

const mayCall = ['head', 'technician'] as const
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const
/** What belongs to one connection, what says who calls by other means, and the doors of the box itself. */
const notForwarded = [
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['cookie', 'authorization', 'forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'],
  editorHeader,
]
/** How often it is asked whether who has an editor open may still have it. */
const watchMs = 2_000

/**
 * Node-RED's editor behind the box's own login: what may pass is forwarded to its Unix socket with a pass that says who
 * it is and whether he may write. Whatever comes back is Node-RED's: its page may reach nothing but /flows.
 */
export function createEditorProxy({ access, secret, socketPath, mayStill }: Parts) {
  const open = new Map<Socket, { request: FastifyRequest; writes: boolean }>()
  const watching = setInterval(() => {
    for (const [socket, { request, writes }] of open) if (!isStillGood(request, writes)) socket.destroy()
  }, watchMs)
  watching.unref()

  /** The session lives, and may write as long as it could when the page was opened. */
  function isStillGood(request: FastifyRequest, writes: boolean): boolean {
    return mayStill(request, mayCall) && (!writes || access.mayWrite(personOf(request)))
  }

  function pathOrThrow(): string {
    const path = socketPath()
    if (path === null) throw new AppError('unavailable', 'flow.not-running', 'The flows do not run on this box.')
    return path
  }

  function forward(request: FastifyRequest, headers: OutgoingHttpHeaders = {}) {
    const kept = Object.entries(request.headers).filter(
      ([name]) => !name.startsWith(':') && !notForwarded.includes(name),
    )
    const person = personOf(request)
    const pass = editorPass(secret, { account: person.actor, name: person.name, writes: access.mayWrite(person) })
    return httpRequest({
      socketPath: pathOrThrow(),
      method: request.method,
      path: request.raw.url,
      headers: { ...Object.fromEntries(kept), host: 'localhost', [editorHeader]: pass, ...headers },
    })
  }

  function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    assertFlowSize(Number(request.headers['content-length'] ?? 0))
    return new Promise((resolve, reject) => {
      const outgoing = forward(request)
      outgoing.once('error', () => reject(notRunning()))
      outgoing.once('response', (incoming) => {
        const headers = Object.entries(incoming.headers).filter(([name]) => !notForwarded.includes(name))
        resolve(
          reply
            .code(incoming.statusCode ?? 502)
            .headers(Object.fromEntries(headers))
            .send(incoming),
        )
      })
      pipeline(request.raw, outgoing, () => {})
    })
  }

  function connect(request: FastifyRequest, reply: FastifyReply, { socket, head }: { socket: Socket; head: Buffer }) {
    const { upgrade, 'sec-websocket-key': key = '' } = request.headers
    if (upgrade?.toLowerCase() !== 'websocket') throw new AppError('invalid', 'invalid', 'Only websockets are opened.')
    const outgoing = forward(request, { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': key })
    reply.hijack()
    open.set(socket, { request, writes: access.mayWrite(personOf(request)) })
    socket.setTimeout(0)
    socket.once('close', () => open.delete(socket))
    outgoing.once('error', () => socket.destroy())
    outgoing.once('response', () => socket.destroy())
    outgoing.once('upgrade', (incoming: IncomingMessage, far: Socket, early: Buffer) => {
      const lines = incoming.rawHeaders.flatMap((one, index) =>
        index % 2 === 0 ? [`${one}: ${incoming.rawHeaders[index + 1]}`] : [],
      )
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`)
      socket.write(early)
      far.write(head)
      pipeline(socket, far, () => far.destroy())
      pipeline(far, socket, () => socket.destroy())
    })
    outgoing.end()
  }

  /** Adds /flows. Bodies stay streams: what they hold is between the page and Node-RED. */
  async function addTo(app: App): Promise<void> {
    await app.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
      scope.setErrorHandler((error, request, reply) => {
        const isPage = request.headers.accept?.includes('text/html') && request.method === 'GET'
        const code = error instanceof AppError ? error.code : ''
        // Who opens it in a browser is led to where he can log in, and see why it does not run.
        if (isPage && ['unknown-caller', 'locked', 'lan.https-needed', 'flow.not-running'].includes(code))
          return reply.redirect('/technician', 302)
        throw error
      })
      for (const url of ['/flows', '/flows/*'])
        scope.route({
          ...{ method: [...methods], url, schema: { hide: true } },
          config: { mayCall, byOrigin: true, policy: editorPolicy },
          handler: async (request, reply) => {
            const upgrade = upgradeOf(request)
            if (upgrade) return connect(request, reply, upgrade)
            return answer(request, reply)
          },
        })
    })
  }

  return {
    addTo,
    /** Whether a person of this account has an editor open. */
    isOpenFor: (account: string): boolean => [...open.values()].some(({ request }) => request.caller.actor === account),
    /** Editors that are open now. */
    count: (): number => open.size,
    stop(): void {
      clearInterval(watching)
      for (const socket of open.keys()) socket.destroy()
    },
  }
}

const notRunning = () => new AppError('unavailable', 'flow.not-running', 'Node-RED does not answer now.')

/**
 * Node-RED's page needs inline scripts and styles. It is served by a process that the box does not trust: it may ask for
 * nothing but its own folder, so that a flow cannot use the technician's session for the rest of the box.
 */
function editorPolicy(request: FastifyRequest): string {
  const at = (scheme: string) => `${scheme}${isHttps(request) ? 's' : ''}://${request.host}/flows/`
  const [own, socket] = [at('http'), at('ws')]
  return [
    `default-src 'none'; script-src ${own} 'unsafe-inline'; style-src ${own} 'unsafe-inline'`,
    `img-src ${own} data:; font-src ${own} data:; connect-src ${own} ${socket}; worker-src ${own} blob:`,
    `media-src ${own}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  ].join('; ')
}
