"""What people say when they ask for nothing: talk, stories, jokes, complaints, questions about the world. Data only.

The counterpart of the phrasings that stand beside each operation.
"""

SMALL_TALK = tuple(
    line.strip()
    for line in """
    hi there
    hello everybody
    hey, how is it going?
    how are you doing?
    good to see you
    good morning to all
    nice to meet you
    thanks for your help
    thank you
    great job
    well done
    you are the best
    I like you
    you are so helpful
    you are stupid
    see you later
    good bye
    good night and sleep well
    what is your name?
    who made you?
    who built you?
    what are you?
    are you real?
    are you an AI?
    are you a person or a program?
    do you have feelings?
    how old are you?
    where do you live?
    do you like music?
    tell me a joke
    say something funny
    sing a song for me
    tell me a story
    that is great
    that is fine
    all good
    no problem
    okay then
    alright
    sure, why not
    of course
    I see
    I understand
    got it
    I agree with you
    I don't think so
    yes please
    no thanks
    not now
    never mind
    forget it
    wow
    oh no
    what a day
    happy birthday
    congratulations
    sorry about that
    wait a moment
    one second
    leave it
    stop
    cancel that
    let me think
    I don't know
    who knows
    who cares
    whatever
    nothing
    test
    """.strip().splitlines()
)

NOTHING = tuple(
    line.strip()
    for line in """
    yesterday I created a group for my family
    last week we invited ten people and nobody came
    she made him a manager last month
    he made me an offer that I refused
    they removed my uncle as a treasurer of the club
    my boss promoted Tom to director
    Ben was made a steward in March
    Ana became the owner of a small shop
    Tom left the company in May
    I left my keys at home
    I joined a choir two years ago
    we joined forces with another team
    I moved to another city last summer
    we renamed our dog
    I called my mother and she was happy
    my friend is called Peter
    her name was Rosa
    the cat is called Mimi
    my dog's name is Rex
    my sister is looking for a job
    my neighbour needs a new roof
    Tom needs to calm down
    Ana wants to become a moderator
    Ben would like to join us some day
    they are searching for oil in the north
    people need love
    everyone needs friends
    nobody needs that
    the world needs more kindness
    plants need water
    he needs somebody to talk to
    the client needs the invoice by Friday
    I needed a break last year
    I used to need a lot of help
    I was looking for my glasses all day
    we were looking for a flat when we met
    I found an old letter in the attic
    I found out that he lied
    I found it funny
    we found a nice place for dinner
    I got a new phone
    I got up early
    I have a dog
    I have two kids
    I have to go
    I have no idea
    I have a headache
    I can swim and dance
    I can not sleep
    I can't believe it
    I can see the sea from here
    I could eat a horse
    I could cry
    I need a drink
    I need a holiday
    I need a nap
    I need to sleep
    I need to think about that
    I need to go to the dentist
    I need time
    I want to go home
    I want to sleep
    I want ice cream
    I would like a beer
    I would love to see the ocean
    we need to talk
    all I need is love
    if I were you I would leave
    if I made Tom a moderator, he would be proud
    if we archive the group, what happens to the notes?
    what if I left the nexus?
    what would happen if I removed Ana?
    what happens when somebody leaves?
    suppose we move the group under another one
    imagine that everybody was an owner
    maybe I should join
    maybe we should rename it
    perhaps I will offer lessons some day
    I might leave
    I might need help next year
    I may need a lawyer some day
    I am thinking about leaving
    I was thinking of making an invite
    I am not sure if I should approve him
    should I approve Ben?
    should we close the group?
    would it be wise to promote Tom?
    I wish I could join
    I hope to find a flat one day
    one day I will offer courses
    don't make Ana a moderator
    do not archive the group
    don't create an invite
    please don't remove Ben
    never delete my notes
    I don't want to leave
    I do not want an invitation
    I am not leaving
    I don't need a designer
    we do not need any help
    I am not looking for anything
    I won't offer that
    nobody should be removed
    there is no need to invite him
    no need to close it
    he said "create a group called Foo"
    she told me to invite her friends
    Tom asked me to make him a moderator
    my boss wants me to leave the team
    Ana says we should archive everything
    they want us to move the office
    I told him that I need a break
    I said I could help with the move
    the manual says: type join and the name
    in the film the hero shouts "let me in"
    the sign says keep out
    a man walks into a bar and orders a beer
    knock knock, who is there?
    why did the chicken cross the road?
    a moderator, a steward and an owner meet on a boat
    what's the difference between a duck?
    once upon a time there was a king
    when I was young I wanted to be an owner
    you won't believe what happened at the party
    the weather is lovely today
    it is raining
    it's so hot in here
    today was a good day
    I had a terrible day
    I am tired
    I am happy
    I am so angry right now
    I feel lonely
    I am bored
    I am hungry
    I just had lunch with Ana
    my code does not compile
    the code is broken
    the build failed again
    my account was hacked
    my telegram is slow today
    discord is down
    slack is so annoying
    the invite did not work
    the link is broken
    the search is bad
    nothing works here
    why does it not work?
    why was I removed?
    why is nobody answering?
    why can't I join?
    I can't find anything
    this is useless
    this is confusing
    this bot is slow
    you never understand me
    I hate this
    nobody ever helps me
    what is the weather like in Paris?
    what is the capital of Peru?
    what is the meaning of life?
    what is photosynthesis?
    what is a good name for a cat?
    what time is it in Tokyo?
    what day is today?
    what is five times six?
    what does this word mean?
    what should I cook tonight?
    what do you think about politics?
    who is the president of Brazil?
    who was the first man on the moon?
    who wrote that book?
    who won the match?
    who invented the wheel?
    who is the best player in the world?
    who let the dogs out?
    who are they?
    where is the nearest station?
    where is my phone?
    where do babies come from?
    when does the train leave?
    when was Rome founded?
    how do I cook rice?
    how do I get to the airport?
    how do I lose weight?
    how tall is the tower?
    how much is a flight to Rome?
    how many people live in Spain?
    how far is it to the sea?
    how was your day?
    why is the sky blue?
    is there life on other planets?
    is it going to rain?
    is the shop open?
    is Ben a moderator?
    is Tom still the owner?
    did Ana leave?
    did Ben join already?
    does Tom have a car?
    do you know the time?
    do you know a good restaurant?
    do you believe in ghosts?
    can you fly?
    can you drive?
    can you believe that?
    can you cook dinner for me?
    can you translate this sentence into French?
    can you write a poem?
    could you order a pizza?
    book a table for two
    play some music
    turn off the lights
    set a timer for ten minutes
    open the window
    close the door
    show me a picture of a cat
    call me a taxi
    call me tomorrow
    call me back later
    call me when you get home
    call me crazy but I like it
    call my mother
    send him my regards
    make me a cake
    make me laugh
    make my day
    make love not war
    make sure that you lock the door
    give me a break
    give me five
    give it up
    let it go
    let it be
    let me sleep
    leave me alone
    leave it there
    go to hell
    go to sleep
    go away
    move on
    come on
    get out of here
    shut up
    keep it up
    keep calm
    join the dark side
    find your own way
    search your heart
    the members of the band are tired
    the owner of the bar is nice
    the moderator of the show was funny
    the treasurer lost the money
    the note was in the wrong key
    his offer was too low
    her needs come first
    their invitation came too late
    our group was loud
    the community is growing
    our channel has many viewers
    this chat is fun
    this group is great
    this place is lovely
    Parser is going well
    Parser has grown a lot
    Ana is great
    Ana helped me a lot
    Ben lives in Berlin
    Tom and Ana are getting married
    I met Ana at the market
    I love working with Ana
    I talked to Tom about the project
    I think Tom is angry with me
    I am building a small shop for bread
    we are building an app for farmers
    we launched our site today
    we shipped the release
    I am working on my thesis
    I work as a teacher
    I live near the river
    I grew up in a small town
    I study law
    I like long walks
    I play the guitar
    I read a book about needs and offers
    I wrote a long email
    I watched a film about a nexus
    our users keep asking for dark mode
    our rent is too high
    the landlord is difficult
    sales are slow this month
    the meeting was moved to Monday
    the deadline is next Friday
    remember the time when we met?
    remember me?
    do you remember me?
    as far as I know they left
    that reminds me of home
    thinking about the future a lot lately
    money does not grow on trees
    better late than never
    ich brauche Hilfe
    ich suche eine Wohnung
    wie geht es dir?
    was ist das?
    kannst du mir helfen?
    je ne sais pas
    j'ai besoin d'un designer
    necesito un abogado
    busco trabajo
    hledám práci
    potřebuji pomoc
    ho bisogno di aiuto
    preciso de ajuda
    quero sair do grupo
    """.strip().splitlines()
)
