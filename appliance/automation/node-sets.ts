import { type Static, Type } from 'typebox'

/** Sets of Node-RED's own nodes that `flows.nodes` in balai.toml brings back into the palette. A shell is none of them. */
export const FlowNodeSet = Type.Union([
  Type.Literal('http-request'),
  Type.Literal('mqtt'),
  Type.Literal('file'),
  Type.Literal('watch'),
  Type.Literal('websocket'),
  Type.Literal('xml'),
  Type.Literal('html'),
  Type.Literal('yaml'),
])
export type FlowNodeSet = Static<typeof FlowNodeSet>
