(() => {
  const $ = id => document.getElementById(id);

  // A part that has changed replaces the part on the page. Forms are in no
  // part, so that nothing that is typed is lost.
  const show = fresh => {
    for (const part of document.querySelectorAll('[data-live]')) {
      const now = fresh.getElementById(part.id);
      if (!now) continue;
      const open = [...part.querySelectorAll('details[open]')].map(e => e.id);
      for (const id of open) fresh.getElementById(id)?.setAttribute('open', '');
      if (part.innerHTML === now.innerHTML) continue;
      const focused = part.contains(document.activeElement) && document.activeElement.closest('[id]').id;
      part.replaceWith(document.adoptNode(now));
      if (focused) $(focused)?.querySelector('summary, a, button')?.focus({ preventScroll: true });
    }
  };

  // Changes that come while the page is read are read together.
  let reading = false, again = false;
  const read = async () => {
    again = true;
    if (reading) return;
    reading = true;
    while (again) {
      again = false;
      try {
        const answer = await fetch(location.pathname + location.search, { cache: 'no-store' });
        if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
      } catch {
        // The connection is lost: the events say when it is back.
      }
      await new Promise(done => setTimeout(done, 500));
    }
    reading = false;
  };

  const live = $('live');
  live.hidden = false;
  const events = new EventSource('/_emulator/events');
  events.onmessage = read;
  events.onopen = () => {
    live.textContent = 'live';
    live.className = 'badge good';
    read(); // it may have changed while there was no connection
  };
  events.onerror = () => {
    live.textContent = 'not connected';
    live.className = 'badge bad';
  };

  for (const button of document.querySelectorAll('button[data-copies]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const text = $(button.dataset.copies);
      getSelection().selectAllChildren(text);
      try {
        await navigator.clipboard.writeText(text.textContent.trim());
        button.textContent = 'Copied';
      } catch {
        button.textContent = 'Selected';
      }
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
  }
})();
