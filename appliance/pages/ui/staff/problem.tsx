/** Why a form was refused, below it; nothing while it was not. */
export const Problem = ({ sentence }: { sentence: string | undefined }) =>
  sentence ? (
    <p class="wrong" role="alert">
      {sentence}
    </p>
  ) : null
