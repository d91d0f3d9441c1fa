interface LinkedWordsProps {
  words: string;
  openPage: (url: string) => void;
}

/** What somebody was sent, its links to be tapped. */
export function LinkedWords({ words, openPage }: LinkedWordsProps) {
  return words
    .split(/(https?:\/\/\S+)/)
    .map((piece, index) =>
      /^https?:\/\//.test(piece) ? <PageLink key={index} url={piece} openPage={openPage} /> : piece,
    );
}

/** A page of this very Segue opens in the phone; any other in a tab of its own. */
function PageLink({ url, openPage }: { url: string; openPage: (url: string) => void }) {
  const isOwn = new URL(url).origin === window.location.origin;
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      onClick={(event) => {
        if (!isOwn || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        openPage(url);
      }}
    >
      {url}
    </a>
  );
}
