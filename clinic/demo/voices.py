"""What the demo's patients say after their exercises, and what their clinicians write with a new plan."""

GETTING_THERE = (
    "Easier than last week.",
    "Did it before breakfast. Feels like less of a chore now.",
    "Got to the corner shop and back without thinking about my back.",
    "Slept through for the first time in a while.",
    "Feels steadier now. Can I do more?",
    "A bit stiff at first, fine after the warm-up.",
    "My neighbour says I stand taller!",
    "Forgot the last one yesterday, did it twice today. Is that all right?",
    "The holds are long but I manage.",
    "Worked in the garden after. No trouble.",
    "It has become my quiet quarter of an hour.",
    "Tired legs, happy back.",
)
SO_SO = (
    "Long day. Glad I did it.",
    "Did these in my lunch break.",
    "Not sure I am doing the second one right.",
    "A twinge on the left but it went off.",
    "Same as yesterday.",
    "Kids joined in, so it was not very tidy.",
    "Back is grumpy in the mornings, better by noon.",
    "Knees were a bit sore on the floor.",
    "It rained all day, good day to stay in and do these.",
)
HARD_GOING = (
    "Could not get into it today.",
    "Hurts more when I get up after.",
    "Work is mad, I will try again tomorrow.",
    "Not sure this is helping.",
    "Wanted to stop after the first two.",
    "Back ached all night.",
)
FLARED = (
    "Twisted getting out of the car and it went. Pain down the back of my leg to the knee.",
    "Bad night. Only did the breathing and a short walk.",
    "Still sore, a little better lying down.",
)
NEW_HERE = (
    "First go! Took me longer than it said.",
    "Read it aloud to myself first. All done.",
    "Sore in places I forgot I had.",
    "Managed everything, slowly.",
)
WITH_A_NEW_VERSION = (
    "You have done well with the first part. A few exercises are new and a little harder. Take your time with them.",
    "Your back is ready for more. I swapped two easy ones for standing work. Tell me how they feel.",
    "You said the first plan got easy, so this one asks a bit more. Go back to fewer sets on a bad day.",
)
