import { createReadStream } from 'node:fs'
import { Type } from 'typebox'
import { AppError } from '../errors.ts'
import { managers } from '../lan/callers.ts'
import { type App, Problem } from '../lan/server.ts'
import { resolveClip } from './clip-files.ts'
import { VoiceSettings } from './events.ts'
import type { Voice } from './voice.ts'

const closed = { additionalProperties: false } as const
const Key = Type.String({ pattern: '^[A-Za-z0-9_-]{12}$' })
const refused = { 400: Problem, 403: Problem, 404: Problem, 409: Problem, 503: Problem }
const done = { 200: Type.Object({}), ...refused }

/** Clips for display pages, and the settings of the voice. */
export function voiceRoutes(app: App, voice: Voice): void {
  app.get(
    '/voice/:clip',
    {
      schema: { hide: true, params: Type.Object({ clip: Type.String({ pattern: '^[a-z-]{1,30}\\.mp3$' }) }) },
      config: { mayCall: ['anyone'] },
    },
    async (request, reply) => {
      const path = resolveClip(request.params.clip.replace('.mp3', ''), voice.recordedFolder)
      if (!path) throw new AppError('not-found', 'not-found', 'There is no such clip.')
      return reply.type('audio/mpeg').header('cache-control', 'max-age=3600').send(createReadStream(path))
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
        body: Type.Object({ canPlay: Type.Boolean() }, closed),
        response: done,
      },
      config: { mayCall: ['display'] },
    },
    async (request) => {
      voice.reportSound(request.caller.actor, request.body.canPlay)
      return {}
    },
  )
}
