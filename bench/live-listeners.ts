import { get } from 'node:http'

/*
 * Pages that follow a box, in a process of their own: each keeps what it has seen of calls and numbers. Told what to
 * open by its parent: { url, path, cookie, count, mark }, where `mark` finds what a page must not miss.
 */

type Wanted = { url: string; path: string; cookie: string; count: number; mark: string }
type Listener = { mark: RegExp; seen: Set<string>; bytes: number }

const listeners: Listener[] = []

process.on('message', (message: Wanted | 'report') => {
  if (message === 'report') {
    process.send?.({ seen: listeners.map(({ seen }) => [...seen]), bytes: listeners.map(({ bytes }) => bytes) })
    return
  }
  let open = 0
  for (let i = 0; i < message.count; i++) {
    const listener: Listener = { mark: new RegExp(message.mark, 'g'), seen: new Set(), bytes: 0 }
    listeners.push(listener)
    const request = get(`${message.url}${message.path}`, { headers: { cookie: message.cookie } }, (answer) => {
      if (answer.statusCode !== 200) throw new Error(`${message.path} answered ${answer.statusCode}`)
      if (++open === message.count) process.send?.('open')
      let rest = ''
      answer.setEncoding('utf8')
      answer.on('data', (text: string) => {
        listener.bytes += text.length
        rest += text
        const end = rest.lastIndexOf('\n\n')
        if (end < 0) return
        for (const found of rest.slice(0, end).matchAll(listener.mark)) listener.seen.add(found[1] ?? '')
        rest = rest.slice(end + 2)
      })
    })
    request.on('error', () => {})
  }
})
