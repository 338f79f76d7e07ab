/** A text whose web addresses are links. */
export const TextWithLinks = ({ text }: { text: string }) =>
    text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/).map((part, index) =>
        index % 2 === 1 ? (
            <a key={index} href={part} target="_blank" rel="noreferrer">
                {part}
            </a>
        ) : (
            part
        ),
    );
