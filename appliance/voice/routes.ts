import { readFileSync, statSync } from 'node:fs'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../base/errors.ts'
import { closed, Key, nullable } from '../base/schemas.ts'
import { managers } from '../base/web/callers.ts'
import { type App, refused } from '../base/web/server.ts'
import { resolveClip } from './clip-files.ts'
import { VoiceSettings } from './events.ts'
import type { Voice } from './voice.ts'

const done = { 200: Type.Object({}), ...refused }

const Clip = Type.Object({ clip: Type.String({ pattern: '^[a-z-]{1,30}$' }) })
const Tried = Type.Object({
  speaker: nullable(Type.String({ description: 'Who speaks it: box, display:2; null when nobody does' })),
  heard: nullable(Type.Boolean({ description: 'As that one reports; null when it has not yet' })),
})
const mostBytes = 100_000

type Parts = {
  voice: Voice
  /** Something changed that pages show. */
  changed: () => void
  /** Name of a counter for a call that tries the voice. */
  someCounter: () => string
}

/** Clips for display pages, and the settings of the voice. */
export function voiceRoutes(app: App, { voice, changed, someCounter }: Parts): void {
  app.addContentTypeParser(
    'audio/mpeg',
    { parseAs: 'buffer', bodyLimit: mostBytes },
    async (_request: FastifyRequest, body: Buffer) => body,
  )

  app.get(
    '/voice/:clip',
    {
      schema: { hide: true, params: Type.Object({ clip: Type.String({ pattern: '^[a-z-]{1,30}\\.mp3$' }) }) },
      config: { mayCall: ['anyone'] },
    },
    async (request, reply) => {
      const path = resolveClip(request.params.clip.replace('.mp3', ''), voice.recordedFolder)
      if (!path) throw new AppError('not-found', 'not-found', 'There is no such clip.')
      // Asked each time, sent when it is another: a new recording is heard at the next call.
      const { size, mtimeMs } = statSync(path)
      const tag = `"${size}-${Math.round(mtimeMs)}"`
      reply.header('cache-control', 'no-cache').header('etag', tag)
      if (request.headers['if-none-match'] === tag) return reply.code(304).send()
      return reply.type('audio/mpeg').send(readFileSync(path))
    },
  )

  app.put(
    '/api/settings/voice',
    {
      schema: {
        summary: 'Change who speaks, how, and how loud',
        body: Type.Object({ settings: VoiceSettings, key: Key }, closed),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      voice.changeSettings({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )

  app.post(
    '/api/device/sound',
    {
      schema: {
        summary: 'A display says whether its browser plays sound',
        body: Type.Object({ canPlay: Type.Boolean(), call: Type.Optional(Key) }, closed),
        response: done,
      },
      config: { mayCall: ['display'] },
    },
    async (request) => {
      voice.reportSound(request.caller.actor, request.body.canPlay, request.body.call)
      return {}
    },
  )

  app.put(
    '/api/voice/clips/:clip',
    {
      schema: {
        summary: 'Record a clip: mono MP3 of 22,050 Hz',
        consumes: ['audio/mpeg'],
        params: Clip,
        querystring: Type.Object({ key: Key }, closed),
        body: Type.Unsafe<Buffer>({}),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      const mp3 = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      voice.recordings.record({ ...request.params, ...request.query, mp3, actor: request.caller.actor })
      changed()
      return {}
    },
  )

  app.delete(
    '/api/voice/clips/:clip',
    {
      schema: {
        summary: 'Back to the built-in clip',
        params: Clip,
        body: Type.Object({ key: Key }, closed),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      voice.recordings.remove({ ...request.params, ...request.body, actor: request.caller.actor })
      changed()
      return {}
    },
  )

  app.post(
    '/api/voice/try',
    {
      schema: {
        summary: 'A call that is nobody’s, from the speaker that is chosen',
        body: Type.Object({ key: Key }, closed),
        response: { 200: Tried, ...refused },
      },
      config: { mayCall: managers },
    },
    async () => voice.tryCall(someCounter(), changed),
  )
}
