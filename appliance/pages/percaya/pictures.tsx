/* What a person will see, drawn as far as it has to be recognised: which words, and where to press. */

/** A window with a title, its lines, and the button to be pressed. */
export const Dialogue = ({ title, lines, press }: { title: string; lines: string[]; press: string }) => (
  <figure class="dialogue" aria-hidden="true">
    <b>{title}</b>
    {lines.map((line, index) => (
      <span key={line} class={index === lines.length - 1 ? 'chosen' : ''}>
        {line}
      </span>
    ))}
    <i>{press}</i>
  </figure>
)

/** A phone's list; the last line is the one to be pressed. */
export const Phone = ({ title, lines }: { title: string; lines: string[] }) => (
  <figure class="phone-picture" aria-hidden="true">
    <b>{title}</b>
    {lines.map((line, index) => (
      <span key={line} class={index === lines.length - 1 ? 'chosen' : ''}>
        {line}
      </span>
    ))}
  </figure>
)
