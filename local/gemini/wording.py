"""What the interviewer says around its questions. `{phrase}` is what an answer mentioned."""

THANKS = (
    "Thank you.",
    "Thanks, that helps.",
    "Good, thank you.",
    "I see, thanks.",
    "All right, thanks.",
    "Understood, thank you.",
)
# After an answer that says nothing about the candidate or the subject, so that nobody is thanked for nonsense.
PLAIN = ("All right.", "I see.", "Okay.")
NOTED = (
    "Thanks, it helps to hear about {phrase}.",
    "Thank you for telling me about {phrase}.",
)
PICKED = (
    "You mentioned {phrase}.",
    "Let me stay with {phrase} for a moment.",
    "I would like to hear more about {phrase}.",
)
STAYED = "Let me stay with that for a moment."
BRIDGES = (
    "",
    "Let's move on.",
    "Let me turn to something else.",
    "Let me change the subject a little.",
)
LEFT = (
    "I didn't follow that, so let's take another question.",
    "I couldn't follow that, so let me ask something else.",
    "I didn't follow that, so let's go on to something else.",
)
ENCOURAGED = (
    "No problem at all.",
    "That's fine, nobody knows everything.",
    "That's all right, let's leave that one.",
)
DECLINED = ("That's all right.", "That's fine.", "No problem.")
