'use strict';
// Decisions go to the API as JSON with a bearer token; the token lives in this tab only.
(() => {
  const $ = (s) => document.querySelector(s);
  const picks = () => [...document.querySelectorAll('input.one:checked')];
  const say = (text, bad) => {
    const said = $('#said');
    said.textContent = text;
    said.classList.toggle('bad', Boolean(bad));
    clearTimeout(say.timer);
    if (text && !bad) say.timer = setTimeout(() => say(''), 6000);
  };

  const signIn = (why) => new Promise((done) => {
    const dialog = $('#signin');
    const form = dialog.querySelector('form');
    if (why) $('#signin-why').textContent = why;
    form.by.value = sessionStorage.getItem('winnow.by') || '';
    form.token.value = '';
    dialog.returnValue = '';
    dialog.addEventListener('close', () => {
      const ok = dialog.returnValue === 'ok';
      if (ok) {
        sessionStorage.setItem('winnow.by', form.by.value.trim());
        sessionStorage.setItem('winnow.token', form.token.value.trim());
      }
      form.token.value = '';
      show();
      done(ok);
    }, { once: true });
    dialog.showModal();
  });

  const show = () => {
    const sign = $('#sign');
    sign.hidden = !sessionStorage.getItem('winnow.token');
    sign.textContent = `Sign out ${sessionStorage.getItem('winnow.by') || ''}`;
    const bar = $('#bar');
    if (bar && !$('main.case')) {
      const chosen = picks();
      bar.hidden = chosen.length === 0;
      $('#chosen').textContent = `${chosen.length} selected`;
      const parts = chosen.filter((box) => box.dataset.releasable === 'no').length;
      const release = bar.querySelector('[data-action=RELEASE]');
      release.disabled = parts > 0;
      release.title = parts > 0 ? `${parts} of them are kept in parts or in a side file and cannot be released` : '';
    }
  };

  const post = (action, ids, why) => fetch('/api/v1/decisions', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${sessionStorage.getItem('winnow.token')}`,
    },
    body: JSON.stringify({ recordIds: ids, action, by: sessionStorage.getItem('winnow.by'), why }),
  });

  const decide = async (action) => {
    const detail = $('main.case');
    const ids = detail ? [detail.dataset.id] : picks().map((box) => box.value);
    if (ids.length === 0) return;
    if (!sessionStorage.getItem('winnow.token') && !(await signIn())) return;
    const bar = $('#bar');
    const buttons = [...bar.querySelectorAll('button')];
    buttons.forEach((b) => { b.disabled = true; });
    let again = null;
    try {
      const answer = await post(action, ids, bar.why.value);
      const body = await answer.json();
      if (answer.ok) {
        taken(action, ids, Boolean(detail));
      } else if (answer.status === 401) {
        sessionStorage.removeItem('winnow.token');
        again = 'That token is not the desk’s. It is printed when Winnow starts.';
      } else {
        say(body.error + (body.recordIds ? `: ${body.recordIds.slice(0, 3).join(', ')}` : ''), true);
      }
    } catch (e) {
      say('The desk does not answer. Look at the case again before you repeat the decision.', true);
    }
    buttons.forEach((b) => { b.disabled = false; });
    show();
    if (again && (await signIn(again))) await decide(action);
  };

  const taken = (action, ids, detail) => {
    const done = action === 'RELEASE' ? 'released' : 'discarded';
    say(`${ids.length === 1 ? ids[0] : `${ids.length} records`} ${done}.`);
    if (detail) {
      $('#bar').remove();
    } else {
      const gone = new Set(ids);
      document.querySelectorAll('#rows tr').forEach((tr) => { if (gone.has(tr.dataset.id)) tr.remove(); });
      $('#bar').why.value = '';
      $('#all').checked = false;
      if (!$('#rows tr')) setTimeout(() => location.reload(), 1200);
    }
    document.body.dispatchEvent(new CustomEvent('winnow:decided'));
  };

  // Page by page, as they are listed: what somebody has decided otherwise meanwhile is left out and said.
  let releasing = false;
  const releaseAccepted = async (button) => {
    if (releasing) return;
    if (!sessionStorage.getItem('winnow.token') && !(await signIn())) return;
    const { count, why } = button.dataset;
    if (!window.confirm(`Release ${count} ${count === '1' ? 'record' : 'records'}? A release cannot be taken back.`)) return;
    releasing = true;
    let done = 0;
    let left = 0;
    try {
      for (let next = ''; next !== null;) {
        const listed = await fetch(`/api/v1/cases?again=accepted&limit=500${next}`);
        const page = await listed.json();
        if (!listed.ok) throw new Error(page.error);
        let ids = page.cases.map((c) => c.id);
        while (ids.length > 0) {
          const answer = await post('RELEASE', ids, why);
          if (answer.ok) {
            done += ids.length;
            break;
          }
          const body = await answer.json();
          if (answer.status === 401) {
            sessionStorage.removeItem('winnow.token');
            throw new Error('That token is not the desk’s. It is printed when Winnow starts.');
          }
          if (answer.status !== 409 || !body.recordIds) throw new Error(body.error);
          const otherwise = new Set(body.recordIds);
          left += otherwise.size;
          ids = ids.filter((id) => !otherwise.has(id));
        }
        say(`${done} of ${count} released …`);
        next = page.next ? `&after=${page.next}` : null;
      }
      say(`${done} released${left ? `, ${left} were decided otherwise` : ''}.`);
      setTimeout(() => location.assign('/'), 1500);
    } catch (e) {
      say(`${done} released, then it stopped: ${e.message}`, true);
    }
    releasing = false;
    show();
  };

  document.addEventListener('change', (e) => {
    if (e.target.id === 'all') document.querySelectorAll('input.one').forEach((box) => { box.checked = e.target.checked; });
    show();
  });
  document.addEventListener('click', (e) => {
    const button = e.target.closest('button');
    if (!button) return;
    if (button.dataset.action) decide(button.dataset.action);
    if (button.id === 'release-accepted') releaseAccepted(button);
    if (button.id === 'sign') {
      sessionStorage.removeItem('winnow.token');
      show();
      say('Signed out.');
    }
  });
  document.addEventListener('submit', (e) => { if (e.target.id === 'bar') e.preventDefault(); });
  show();
})();
