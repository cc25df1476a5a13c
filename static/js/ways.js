// Getting in by unlocking the device: offered only where the device can do it, and a failure is said in words.
(() => {
  const choice = document.getElementById("passkey_choice");
  const can = window.PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable;
  if (choice && can) {
    can.call(PublicKeyCredential).then((available) => {
      choice.hidden = !available;
    });
  }
  document.addEventListener("allauth.error", (event) => {
    const failed = document.getElementById("passkey_failed");
    if (!failed) return;
    event.preventDefault();
    failed.hidden = false;
  });
})();
