(function () {
  var button = document.querySelector('[data-copy]')
  if (!button || !navigator.clipboard) return
  button.hidden = false
  button.addEventListener('click', function () {
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      button.textContent = button.dataset.done
    })
  })
})()
