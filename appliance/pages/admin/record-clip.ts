import { hertz, shapeClip } from './clip-shape.ts'

/** Why there is no recording: `denied` by the person or browser, `no-microphone`, or `silent`. */
export class NoRecording extends Error {
  readonly reason: 'denied' | 'no-microphone' | 'silent'
  constructor(reason: 'denied' | 'no-microphone' | 'silent') {
    super(reason)
    this.reason = reason
  }
}

const kbps = 48

/** Listens to the microphone until `stop` resolves; the answer is the clip as every browser and mpg123 play it. */
export async function recordClip(stop: Promise<void>): Promise<Blob> {
  const stream = await openMicrophone()
  try {
    const recorded = await listen(stream, stop)
    const samples = await decode(recorded)
    const shaped = shapeClip(samples)
    if (!shaped) throw new NoRecording('silent')
    return await encode(shaped)
  } finally {
    for (const track of stream.getTracks()) track.stop()
  }
}

async function openMicrophone(): Promise<MediaStream> {
  // Absent on a page that came by plain HTTP.
  if (!navigator.mediaDevices) throw new NoRecording('denied')
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } })
  } catch (error) {
    const missing = error instanceof DOMException && error.name === 'NotFoundError'
    throw new NoRecording(missing ? 'no-microphone' : 'denied')
  }
}

function listen(stream: MediaStream, stop: Promise<void>): Promise<Blob> {
  const recorder = new MediaRecorder(stream)
  const parts: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data))
  const ended = new Promise<Blob>((resolve, reject) => {
    recorder.addEventListener('stop', () => resolve(new Blob(parts, { type: recorder.mimeType })))
    recorder.addEventListener('error', () => reject(new NoRecording('no-microphone')))
  })
  recorder.start()
  void stop.then(() => recorder.state === 'recording' && recorder.stop())
  return ended
}

/** One channel at our sample rate, whatever the browser recorded. */
async function decode(recorded: Blob): Promise<Float32Array> {
  const context = new OfflineAudioContext(1, hertz, hertz)
  const decoded = await context.decodeAudioData(await recorded.arrayBuffer())
  const mixer = new OfflineAudioContext(1, Math.max(1, Math.ceil(decoded.duration * hertz)), hertz)
  const source = mixer.createBufferSource()
  source.buffer = decoded
  source.connect(mixer.destination)
  source.start()
  return (await mixer.startRendering()).getChannelData(0)
}

/** The encoder is large and rarely wanted: it comes with the first recording. */
async function encode(samples: Int16Array<ArrayBuffer>): Promise<Blob> {
  const { Mp3Encoder } = await import('@breezystack/lamejs')
  const encoder = new Mp3Encoder(1, hertz, kbps)
  const parts = [encoder.encodeBuffer(samples), encoder.flush()].map((part) => Uint8Array.from(part))
  return new Blob(parts, { type: 'audio/mpeg' })
}
