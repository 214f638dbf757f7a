import { createServer, type Socket } from 'node:net'

/** What an SMTP server was given: envelope, log-in and message as it came. For tests only. */
export type Mail = { from: string; to: string[]; auth: string | null; message: string }

/** An SMTP server on loopback that takes everything; `refuses`: it answers RCPT with 550. */
export async function startFakeSmtp({ refuses = false } = {}) {
  const mails: Mail[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    let mail: Mail = { from: '', to: [], auth: null, message: '' }
    let inData = false
    let rest = ''
    const say = (line: string) => socket.write(`${line}\r\n`)
    const hear = (line: string) => {
      if (inData) {
        if (line !== '.') mail.message += `${line}\n`
        else {
          inData = false
          mails.push(mail)
          mail = { from: '', to: [], auth: mail.auth, message: '' }
          say('250 taken')
        }
        return
      }
      const word = line.slice(0, 4).toUpperCase()
      if (word === 'EHLO') {
        say('250-fake')
        say('250 AUTH PLAIN')
      } else if (word === 'AUTH') {
        mail.auth = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString()
        say('235 ok')
      } else if (word === 'STAR') {
        say('502 no TLS here')
      } else if (word === 'MAIL') {
        mail.from = /<(.*)>/.exec(line)?.[1] ?? ''
        say('250 ok')
      } else if (word === 'RCPT') {
        mail.to.push(/<(.*)>/.exec(line)?.[1] ?? '')
        say(refuses ? '550 no such mailbox' : '250 ok')
      } else if (word === 'DATA') {
        inData = true
        say('354 go on')
      } else if (word === 'QUIT') {
        say('221 bye')
        socket.end()
      } else say('250 ok')
    }
    socket.on('data', (bytes) => {
      rest += bytes.toString()
      const lines = rest.split('\r\n')
      rest = lines.pop() ?? ''
      lines.forEach(hear)
    })
    say('220 fake')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    port,
    mails,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
